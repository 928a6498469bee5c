"""Words spread over a time: in order, in it, by their letters, and not in silence."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.spread import spread, spread_words
from resplice.core.unspaced import pieces
from resplice.core.words import Word

TEXTS = st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=9))


def lengths(words: tuple[Word, ...]) -> list[int]:
    return [word.end_ms - word.start_ms for word in words]


def test_words_are_as_they_stand_between_white_space() -> None:
    words = spread(" “Hello,”\n big\u00a0— world! ", 0, 4000)
    assert [word.text for word in words] == ["“Hello,”", "big", "—", "world!"]


def test_they_fill_the_time() -> None:
    words = spread("one two three", 500, 2500)
    assert (words[0].start_ms, words[-1].end_ms) == (500, 2500)


def test_a_long_word_takes_longer() -> None:
    short, long = lengths(spread("ab abcdefgh", 0, 1000))
    assert long == pytest.approx(4 * short, abs=2)


def test_digits_and_ideographs_are_spoken_longer_than_letters() -> None:
    letters, digits, signs = lengths(spread("abcd 2026 日本語字", 0, 3000))
    assert digits > 2 * letters and signs > 2 * letters


@pytest.mark.parametrize(
    ("first", "second"), [("one", "one,"), ("one,", "one."), ("one,", "one!”")]
)
def test_the_voice_rests_behind_punctuation(first: str, second: str) -> None:
    def rest(word: str) -> int:
        before, after = spread(f"{word} two", 0, 5000)
        return after.start_ms - before.end_ms

    assert rest(first) < rest(second)


def test_no_word_lies_in_silence() -> None:
    voiced = [(100, 1000), (3000, 4000)]
    words = spread("one two three four five six", 0, 5000, voiced)
    for word in words:
        assert any(start <= word.start_ms and word.end_ms <= end for start, end in voiced), word
    assert (words[0].start_ms, words[-1].end_ms) == (100, 4000)


def test_one_stretch_of_voice_is_the_time() -> None:
    words = spread("one two", 0, 5000, [(1000, 2000)])
    assert (words[0].start_ms, words[-1].end_ms) == (1000, 2000)


def test_voice_outside_of_the_time_does_not_count() -> None:
    words = spread("one two three", 1000, 2000, [(0, 1500), (1600, 9000), (9500, 9900)])
    assert (words[0].start_ms, words[-1].end_ms) == (1000, 2000)
    assert spread("one", 0, 1000, [(2000, 3000)]) == (Word("one", 0, 1000),)


def test_no_words_are_no_words() -> None:
    assert spread(" \n", 0, 1000) == spread("", 0, 0, [(0, 1), (2, 3)]) == ()


def test_a_text_without_spaces_is_spread_in_pieces() -> None:
    words = spread("今日は良い天気ですね。 OK", 0, 4000)
    assert [word.text for word in words] == ["今日は", "良い", "天気ですね。", "OK"]


def test_given_words_stay_as_they_are() -> None:
    words = spread_words(["今日は良い天気ですね。", "a b"], 0, 4000)
    assert [word.text for word in words] == ["今日は良い天気ですね。", "a b"]


@given(TEXTS, st.integers(0, 10_000), st.integers(0, 10_000), st.lists(st.integers(0, 20_000)))
def test_words_are_in_order_and_last(
    texts: list[str], start: int, length: int, cuts: list[int]
) -> None:
    edges = sorted(set(cuts))
    voiced = list(zip(edges[::2], edges[1::2], strict=False))
    words = spread(" ".join(texts), start, start + length, voiced)
    assert [word.text for word in words] == pieces(" ".join(texts))
    assert all(word.end_ms > word.start_ms >= start for word in words)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(words))
    if length > 20 * len(words) and not voiced:
        assert not words or words[-1].end_ms <= start + length
