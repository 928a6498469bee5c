"""What the pictures of a line are, style by style."""

from __future__ import annotations

import pytest
from resplice.core.captions.appearance import Appearance, Style
from resplice.core.captions.line import Line, LineWord
from resplice.core.captions.states import Moment, State, moments

WORDS = (LineWord("a", 100), LineWord("b", 200))
LINE = Line(WORDS, 100, 500, timed=True)

STATES: dict[Style, list[State]] = {
    "classic": [State(2, 0), State(2, 1)],
    "boxed-line": [State(2, 0), State(2, 1)],
    "boxed-word": [State(2, 0), State(2, 1)],
    "classic-progressive": [State(1, 0), State(2, 1)],
    "classic-one-word": [State(1, 0, True), State(1, 1, True)],
}


@pytest.mark.parametrize("style", STATES)
def test_each_word_is_marked_from_when_it_is_said(style: Style) -> None:
    found = moments(LINE, Appearance(50, style=style))
    assert found == [Moment(w.start_ms, s) for w, s in zip(WORDS, STATES[style], strict=True)]


@pytest.mark.parametrize("style", STATES)
def test_words_without_times_are_one_picture(style: Style) -> None:
    found = moments(Line(WORDS, 100, 500, timed=False), Appearance(50, style=style))
    assert found == [Moment(100, State(2))]


@pytest.mark.parametrize(
    ("style", "count"),
    [("classic", 1), ("boxed-line", 1), ("boxed-word", 2), ("classic-progressive", 2)],
)
def test_a_mark_that_nobody_would_see_takes_no_picture(style: Style, count: int) -> None:
    look = Appearance(50, style=style, word_colour="#ffffff")
    assert len(moments(LINE, look)) == count


def test_before_its_first_word_a_line_is_there_unmarked_unless_words_appear_one_by_one() -> None:
    early = Line(WORDS, 0, 500, timed=True)
    assert moments(early, Appearance(50))[0] == Moment(0, State(2))
    for style in ("classic-progressive", "classic-one-word"):
        assert moments(early, Appearance(50, style=style))[0].start_ms == 100  # type: ignore[arg-type]
