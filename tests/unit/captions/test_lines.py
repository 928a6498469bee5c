"""What is on screen together, and for how long: the decisions of the reference, one by one."""

from __future__ import annotations

import pytest
from resplice.core.captions.appearance import Appearance
from resplice.core.captions.line import Line, LineWord
from resplice.core.captions.lines import (
    MAX_WORD_CHARS,
    Grouping,
    capitals,
    in_capitals,
    in_order,
    one_at_a_time,
    spoken_lines,
)
from resplice.core.composition import Canvas
from resplice.core.words import Word

CANVAS = Canvas(1920, 1080, 25)


def grouping(max_words: int = 4, size_px: int = 96) -> Grouping:
    return Grouping(max_words, Appearance(size_px), CANVAS)


def said(*texts: str, every: int = 400, lasting: int = 300) -> list[Word]:
    return [Word(text, index * every, index * every + lasting) for index, text in enumerate(texts)]


def texts(words: list[Word], how: Grouping | None = None) -> list[str]:
    return [line.text for line in spoken_lines(words, how or grouping())]


def test_a_line_has_at_most_so_many_words() -> None:
    assert texts(said(*"abcdef")) == ["a b c d", "e f"]
    assert texts(said(*"abc"), grouping(1)) == ["a", "b", "c"]


def test_three_letters_of_a_script_without_spaces_count_as_a_word() -> None:
    words = said("今天", "天气", "很好", "我们", "去", "公园", "散步", "吧")
    assert texts(words) == ["今天天气很好我们去公园", "散步吧"]


@pytest.mark.parametrize(("pause", "lines"), [(700, ["a b"]), (710, ["a", "b"])])
def test_a_line_ends_at_a_pause(pause: int, lines: list[str]) -> None:
    assert texts([Word("a", 0, 300), Word("b", 300 + pause, 1500)]) == lines


@pytest.mark.parametrize("ending", [".", "!", "?", "…", "。", "؟", '."', ".)"])
def test_a_line_ends_with_its_sentence(ending: str) -> None:
    assert texts(said(f"a{ending}", "b")) == [f"a{ending}", "b"]


@pytest.mark.parametrize("inside", [",", "3.5", "a.m"])
def test_other_punctuation_ends_no_line(inside: str) -> None:
    assert len(texts(said(inside, "b"))) == 1


def test_a_line_that_would_take_three_rows_is_cut() -> None:
    long = ["N" * 10] * 4
    assert texts(said(*long)) == [" ".join(long)]
    assert texts(said(*long), grouping(size_px=190)) == [" ".join(long[:2])] * 2


def test_a_line_stays_until_the_next_one_but_not_for_long() -> None:
    words = [Word("a.", 0, 300), Word("b.", 500, 900), Word("c", 5000, 5400)]
    lines = spoken_lines(words, grouping())
    assert [(line.start_ms, line.end_ms) for line in lines] == [
        (0, 500),
        (500, 1400),
        (5000, 5900),
    ]


def test_words_are_put_in_order_on_ticks_and_empty_ones_are_left_out() -> None:
    words = [Word("b", 1004, 1500), Word(" ", 0, 1), Word("a", -20, -30), Word("x" * 999, 2000, 1)]
    assert in_order(words) == [
        Word("a", 0, 0),
        Word("b", 1000, 1500),
        Word("x" * MAX_WORD_CHARS, 2000, 2000),
    ]


def test_several_words_that_come_as_one_share_its_time() -> None:
    assert in_order([Word("New York", 0, 700)]) == [Word("New", 0, 300), Word("York", 300, 700)]


def test_lines_without_any_time_are_left_out() -> None:
    word = (LineWord("a", 0),)
    lines = [Line(word, 100, 100, True), Line(word, 50, 500, True), Line(word, 200, 300, True)]
    assert [(line.start_ms, line.end_ms) for line in one_at_a_time(lines)] == [
        (50, 100),
        (200, 300),
    ]
    assert one_at_a_time([]) == []


@pytest.mark.parametrize(
    ("text", "language", "capital"),
    [
        ("istanbul ılık", "tr", "İSTANBUL ILIK"),
        ("istanbul", "tr-TR", "İSTANBUL"),
        ("istanbul", "en", "ISTANBUL"),
        ("straße", "de", "STRASSE"),
        ("字幕 שלום", "ja", "字幕 שלום"),
    ],
)
def test_capitals(text: str, language: str, capital: str) -> None:
    assert capitals(text, language) == capital
    line = Line((LineWord(text, 0, italic=True),), 0, 10, True)
    assert in_capitals([line], language)[0].words == (LineWord(capital, 0, italic=True),)
