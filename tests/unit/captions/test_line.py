"""A line is read with spaces where its script has them."""

from __future__ import annotations

from resplice.core.captions.line import Line, LineWord, gaps, kept_whole, ticks


def test_what_stands_after_each_word() -> None:
    words = (
        LineWord("a", 0),
        LineWord("b", 0, ends_row=True),
        LineWord("字", 0),
        LineWord("幕", 0),
    )
    assert gaps(words) == [" ", "\n", "", ""]
    assert Line(words, 0, 10, timed=False).text == "a b\n字幕"
    assert gaps([]) == []


def test_times_are_whole_hundredths() -> None:
    assert [ticks(ms) for ms in (0, 4, 6, 123, 1999)] == [0, 0, 10, 120, 2000]


def test_short_words_of_scripts_without_spaces_are_kept_whole() -> None:
    assert kept_whole("美しい")
    assert not kept_whole("beautiful")
    assert not kept_whole("字幕はとても美しいです")
