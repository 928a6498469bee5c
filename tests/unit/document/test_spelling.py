"""The nearest name: found for slips of the pen, not for other words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.document.spelling import MAX_CHARS, nearest

KNOWN = ["scenes", "text", "font-size", "duration", "src", "x", "y", "fade-in", "color", "loop"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("scene", "scenes"),
        ("txt", "text"),
        ("font-sise", "font-size"),
        ("fontSize", "font-size"),
        ("font_size", "font-size"),
        ("durtion", "duration"),
        ("duraiton", "duration"),
        ("durations", "duration"),
        ("scr", "src"),
        ("colour", "color"),
        ("COLOR", "color"),
        ("volume", None),
        ("z", None),
        ("ab", None),
        ("", None),
        ("title", None),
        ("src", None),
        ("drtin", None),
        ("scenes" * 1_000_000, None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_was_meant(name: str, meant: str | None) -> None:
    assert nearest(name, KNOWN) == meant


@given(st.sampled_from(["duration", "background-color", "pan-distance"]), st.data())
def test_a_letter_more_or_less_is_found(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("aeiou"))
    for slip in (name[:place] + name[place + 1 :], name[:place] + letter + name[place:]):
        assert nearest(slip, [name]) == name or slip == name


@given(st.text(max_size=MAX_CHARS + 5), st.lists(st.text(max_size=MAX_CHARS), max_size=5))
def test_any_words_may_come(name: str, known: list[str]) -> None:
    assert nearest(name, known) in [*known, None]
