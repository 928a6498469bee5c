"""Expansion and expressions over arbitrary input: the only failures are the named ones."""

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from resplice.core.document.expand import expand, origins
from resplice.core.document.expression import ExpressionError, evaluate, truthy
from resplice.core.document.fields import SPENT
from resplice.core.document.paths import DocumentPath
from resplice.errors import DocumentError

VALUES = {"a": 1, "b": "x", "c": {"d": [1, {"e": None}]}, "item": True, "f": 0.5}
WORDS = [*VALUES, "d", "e", "and", "or", "not", "true", "null", "min", "max", "round", "abs", "1.5"]
SIGNS = [*"+-*/?:!()[],.<>='\"@ ", "==", "!=", "<=", "&&", "||"]

expressions = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from([*WORDS, *SIGNS, "7", "'t'"]), max_size=25).map(" ".join),
)
texts = st.one_of(
    st.text(max_size=20),
    st.lists(
        st.one_of(st.sampled_from(WORDS), expressions.map(lambda e: f"{{{{{e}}}}}")), max_size=3
    ).map(" ".join),
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), texts
)
names = st.one_of(
    st.sampled_from(
        ["scenes", "elements", "variables", "condition", "iterate", "iterate-as", "import", "id"]
    ),
    st.sampled_from(["text", "comment", "@a", "settings", *VALUES]),
)


def nested(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
        max_leaves=12,
    )


values = nested(scalars)
variables = st.dictionaries(st.sampled_from(list(VALUES)), values, max_size=4)
parts = st.fixed_dictionaries(
    {},
    optional={
        "text": texts,
        "settings": values,
        "variables": variables | values,
        "condition": texts | scalars,
        "iterate": st.sampled_from(list(VALUES)) | values,
        "import": st.sampled_from("ab") | values,
        "id": st.sampled_from("ab"),
    },
)
scenes = st.builds(lambda scene, e: {**scene, "elements": e}, parts, st.lists(parts, max_size=3))
movies = st.builds(
    lambda movie, s, e: {**movie, "scenes": s, "elements": e},
    parts,
    st.lists(scenes, max_size=3),
    st.lists(parts, max_size=2),
)


@settings(deadline=None, max_examples=150)
@given(expressions)
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    with suppress(ExpressionError):
        value = evaluate(text, VALUES.get)
        assert truthy(value) in (True, False)
        assert value is None or isinstance(value, str | int | float | list | dict)


@settings(deadline=None, max_examples=150)
@given(st.integers(-999, 999), st.integers(-999, 999), st.integers(1, 99))
def test_arithmetic_is_that_of_numbers(a: int, b: int, c: int) -> None:
    known = {"a": a, "b": b, "c": c}
    assert evaluate("a + b * c - (a - b) / c", known.get) == a + b * c - (a - b) / c
    assert evaluate("a < b ? min(a, c) : max(b, c)", known.get) == (
        min(a, c) if a < b else max(b, c)
    )
    assert evaluate("not (a == b) and a != b or a >= b", known.get) is (a != b or a >= b)


def check_expansion(document: Any, request: Any) -> None:
    with suppress(DocumentError):
        movie = expand(document, request)
        for part in [movie, *movie.get("scenes", []), *movie.get("elements", [])]:
            assert not SPENT & part.keys()
        assert expand(document, request) == movie


@settings(deadline=None, max_examples=150)
@given(movies, variables)
def test_a_movie_expands_or_has_problems(document: Any, request: Any) -> None:
    check_expansion(document, request)


def at(document: Any, path: DocumentPath) -> Any:
    for key in path:
        document = document[key]
    return document


@settings(deadline=None, max_examples=150)
@given(movies, variables)
def test_all_of_a_movie_is_written_where_its_origins_say(document: Any, request: Any) -> None:
    with suppress(DocumentError):
        movie = expand(document, request)
        found = origins(document, request)
        scenes = movie.get("scenes", [])
        assert len(found) == len(scenes) + sum(
            len(part.get("elements", [])) for part in (movie, *scenes)
        )
        for path, origin in found.items():
            words = at(document, origin).get("text")
            if not isinstance(words, str) or "{{" not in words:
                assert at(movie, path).get("text") == words, (path, origin)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(names, values, max_size=6), variables)
def test_any_object_expands_or_has_problems(document: Any, request: Any) -> None:
    with suppress(DocumentError):
        assert isinstance(expand(document, request), dict)


def without_braces(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("{{", "")
    if isinstance(value, list):
        return [without_braces(item) for item in value]
    if isinstance(value, dict):
        return {key: without_braces(member) for key, member in value.items()}
    return value


@settings(deadline=None, max_examples=75)
@given(movies)
def test_without_braces_nothing_changes(document: Any) -> None:
    def plain(part: dict[str, Any]) -> dict[str, Any]:
        return {k: without_braces(v) for k, v in part.items() if k not in {*SPENT, "import"}}

    movie = plain(document)
    movie["scenes"] = [
        {**plain(scene), "elements": [plain(element) for element in scene["elements"]]}
        for scene in document["scenes"]
    ]
    movie["elements"] = [plain(element) for element in document["elements"]]
    assert expand(movie) == movie
    assert list(expand(movie)) == list(movie)


@settings(deadline=None, max_examples=100)
@given(st.lists(scalars.map(without_braces), max_size=8))
def test_a_scene_per_item_with_its_own_value(items: list[Any]) -> None:
    scene = {"iterate": "list", "value": "{{item}}"}
    movie = expand({"variables": {"list": items}, "scenes": [scene]})
    assert [scene.get("value") for scene in movie["scenes"]] == items
