"""Captions that the user brings: as given, or laid out like spoken ones when words have times."""

from __future__ import annotations

import pytest
from resplice.core.captions import own
from resplice.core.captions.appearance import Appearance
from resplice.core.captions.captions_file import CaptionsRefused
from resplice.core.captions.line import Line, LineWord
from resplice.core.captions.lines import Grouping
from resplice.core.captions.own import own_lines, stacked
from resplice.core.composition import Canvas

GROUPING = Grouping(2, Appearance(50), Canvas(1000, 500, 25))


def cue(text: str, start: int, end: int) -> Line:
    words = (LineWord(word, start) for word in text.split())
    return Line(tuple(words), start, end, timed=False)


def shown(lines: list[Line]) -> list[tuple[str, int, int]]:
    return [(line.text, line.start_ms, line.end_ms) for line in lines]


def test_captions_without_times_of_words_stay_as_they_are() -> None:
    cues = [cue("four words and more", 500, 900), cue("first", 0, 400)]
    assert shown(own_lines(cues, GROUPING)) == [
        ("first", 0, 400),
        ("four words and more", 500, 900),
    ]


def test_words_with_times_are_laid_out_within_their_caption() -> None:
    words = tuple(
        LineWord(text, at, ends_row=at == 500)
        for text, at in zip("abc", (300, 500, 700), strict=True)
    )
    timed = Line(words, 0, 5000, timed=True)
    assert shown(own_lines([timed], GROUPING)) == [("a b", 0, 700), ("c", 700, 5000)]
    assert own_lines([timed], None) == [timed], "a file that says how it is laid out"


def test_captions_that_are_there_together_lie_under_one_another() -> None:
    assert shown(stacked([cue("long", 0, 5000), cue("short", 1000, 2000)])) == [
        ("long", 0, 1000),
        ("long\nshort", 1000, 2000),
        ("long", 2000, 5000),
    ]
    together = [cue("a", 0, 1000), cue("b", 0, 1000)]
    assert shown(stacked(together)) == [("a\nb", 0, 1000)]


def test_a_slip_is_no_overlap() -> None:
    assert shown(stacked([cue("a", 0, 1300), cue("b", 1000, 2000)])) == [
        ("a", 0, 1000),
        ("b", 1000, 2000),
    ]


def test_at_most_three_at_once() -> None:
    many = [cue(str(n), n * 10, 100_000) for n in range(2000)]
    assert shown(stacked(many))[-1] == ("1997\n1998\n1999", 19_990, 100_000)


def test_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "MAX_LINES", 2)
    with pytest.raises(CaptionsRefused, match="more than 2 lines"):
        own_lines([cue("a", n, n + 10) for n in (0, 20, 40)], None)
