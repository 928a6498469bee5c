"""When words are said, of marks: every word of the text, in order, each with a time of its own."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from resplice.adapters.providers.speech_markup import escaped, read_markup, read_plain
from resplice.adapters.providers.word_marks import Mark, words_of
from resplice.core.words import Word


def test_a_word_takes_its_punctuation_along() -> None:
    marks = [Mark(1, 6, 100, 300), Mark(9, 14, 300, 700)]
    assert words_of('"Hello," world!', marks) == (
        Word('"Hello,"', 100, 300),
        Word("world!", 300, 700),
    )


def test_parts_of_a_word_are_one() -> None:
    marks = [Mark(0, 4, 0, 100), Mark(5, 10, 150, 400)]
    assert words_of("well-known", marks) == (Word("well-known", 0, 400),)


def test_a_mark_of_several_words_is_shared() -> None:
    assert words_of("10 km then", [Mark(0, 5, 0, 400), Mark(6, 10, 500, 900)]) == (
        Word("10", 0, 200),
        Word("km", 200, 400),
        Word("then", 500, 900),
    )


def test_words_without_marks_take_the_room_that_is_left() -> None:
    marks = [Mark(2, 5, 200, 300), Mark(10, 13, 700, 900)]
    assert words_of("— one – — two …", marks) == (
        Word("—", 0, 200),
        Word("one", 200, 300),
        Word("–", 300, 500),
        Word("—", 500, 700),
        Word("two", 700, 900),
        Word("…", 900, 901),
    )


@pytest.mark.parametrize("text", ["", "  \n", "some words"])
def test_nothing_is_known_without_marks(text: str) -> None:
    assert words_of(text, []) is None


def test_korean_has_spaces_and_han_has_none() -> None:
    korean = "안녕 세상"
    marks = [Mark(at, at + 1, at * 100, at * 100 + 100) for at in range(len(korean))]
    assert [word.text for word in words_of(korean, marks) or ()] == ["안녕", "세상"]
    mixed = "用 iPhone15（新）拍。"
    marks = [Mark(at, at + 1, at * 100, at * 100 + 100) for at in range(len(mixed))]
    words = [word.text for word in words_of(mixed, marks) or ()]
    assert words == ["用", "iPhone15", "（新）", "拍。"]


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_marks_are_all_words_come_in_order(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice("ab c,. 世界。—\n") for _ in range(chance.randrange(1, 60)))
    marks = [
        Mark(start, start + chance.randrange(-2, 6), time, time + chance.randrange(-50, 300))
        for start, time in (
            (chance.randrange(-3, 80), chance.randrange(0, 5000)) for _ in range(12)
        )
    ]
    words = words_of(text, marks)
    if words is None:
        return
    assert "".join(word.text for word in words) == "".join(text.split())
    assert all(0 <= word.start_ms < word.end_ms for word in words)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(words))


def test_bytes_of_markup_are_found_in_the_plain_text() -> None:
    markup = "<speak>Ä<break/>b &amp; <![CDATA[<ü>]]><!-- x -->&#233;</speak>"
    said = read_markup(markup)
    assert said.plain.split() == ["Ä", "b", "&", "<ü>é"]
    whole = markup.encode()
    for letter, at in zip(said.plain, said.offsets, strict=False):
        if letter not in " &é":
            assert whole[at : at + len(letter.encode())].decode() == letter
    assert said.offsets[-1] == len(whole)


def test_plain_text_is_itself_with_its_bytes() -> None:
    assert read_plain("aé🎬").offsets == (0, 1, 3, 7)
    assert read_markup(escaped("a <b> & c")).plain == "a <b> & c"
