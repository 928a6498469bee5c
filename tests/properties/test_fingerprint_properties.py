"""Keys do not see how JSON is written, and see all that it says."""

import json
import random
from typing import Any

import rfc8785
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from resplice.core.document.fields import INERT
from resplice.core.document.strict_json import parse_value
from resplice.core.fingerprint import canonical, fingerprint, without_inert

numbers = st.one_of(
    st.integers(1 - 2**53, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-1000, 1000, places=2).map(float),
)
texts = st.text(st.characters(codec="utf-8"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)


def respelled(value: Any, dice: random.Random) -> str:
    """The same JSON value, written another way: order, spaces, escapes, numbers."""
    space = dice.choice(["", " ", "\n\t"])
    if isinstance(value, dict):
        members = list(value.items())
        dice.shuffle(members)
        pairs = [f"{respelled(k, dice)}{space}:{respelled(v, dice)}" for k, v in members]
        return "{" + space + f"{space},".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + f",{space}".join(respelled(item, dice) for item in value) + space + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=dice.random() < 0.5)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return respelled_number(value, dice)
    return json.dumps(value)


def respelled_number(value: float, dice: random.Random) -> str:
    spellings = [json.dumps(value), f"{value:.17e}", f"{value:.17E}"]
    if abs(value) < 2**53 and value == int(value):
        spellings += [f"{int(value)}", f"{int(value)}.0", f"{int(value)}e0"]
    return dice.choice(spellings)


@settings(deadline=None, max_examples=150)
@given(values, st.randoms(use_true_random=False))
def test_spelling_does_not_matter(value: Any, dice: random.Random) -> None:
    again = parse_value(respelled(value, dice))
    assert canonical(again) == canonical(value)
    assert fingerprint("movie", again, "salt") == fingerprint("movie", value, "salt")


@settings(deadline=None, max_examples=100)
@given(values)
def test_canonical_is_json_of_the_same_value(value: Any) -> None:
    again = json.loads(canonical(value), parse_int=float)
    assert again == value
    assert canonical(again) == canonical(value)


@settings(deadline=None, max_examples=300)
@given(values)
def test_canonical_is_what_the_reference_writes(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def typed(value: Any) -> Any:
    """Comparable like JSON: true is not 1, though Python says so."""
    if isinstance(value, list):
        return [typed(item) for item in value]
    if isinstance(value, dict):
        return {key: typed(member) for key, member in value.items()}
    return (isinstance(value, bool), value)


@settings(deadline=None, max_examples=150)
@given(values, values)
def test_other_values_have_other_keys(one: Any, other: Any) -> None:
    same = typed(one) == typed(other)
    assert (fingerprint("movie", one) == fingerprint("movie", other)) is same


keys = st.sampled_from([*sorted(INERT), "type", "src", "x", "settings", "unknown"])
parts = st.dictionaries(keys, values, max_size=6)
movies = st.builds(
    lambda movie, scenes: {**movie, "scenes": scenes},
    parts,
    st.lists(
        st.builds(lambda s, e: {**s, "elements": e}, parts, st.lists(parts, max_size=3)),
        max_size=3,
    ),
)


def movie_key(movie: Any) -> str:
    return fingerprint("movie", without_inert(movie))


def all_parts(movie: dict[str, Any]) -> list[dict[str, Any]]:
    elements = [element for scene in movie["scenes"] for element in scene["elements"]]
    return [movie, *movie["scenes"], *elements]


@settings(deadline=None, max_examples=100)
@given(movies, st.data(), values)
def test_inert_keys_and_nulls_are_not_in_a_movie_key(movie: Any, data: Any, value: Any) -> None:
    before = movie_key(movie)
    data.draw(st.sampled_from(all_parts(movie)))[data.draw(st.sampled_from(sorted(INERT)))] = value
    data.draw(st.sampled_from(all_parts(movie)))["never-used"] = None
    assert movie_key(movie) == before


@settings(deadline=None, max_examples=100)
@given(movies, st.data(), values)
def test_any_other_key_is(movie: Any, data: Any, value: Any) -> None:
    before = movie_key(movie)
    part = data.draw(st.sampled_from(all_parts(movie)))
    key = data.draw(st.sampled_from(["src", "x", "settings", "unknown", "new-field"]))
    assume(typed(part.get(key)) != typed(value))
    part[key] = value
    assert movie_key(movie) != before
