"""Long texts in parts: nothing is lost, and parts end where a speaker would breathe."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.voices.sentences import chunks

PIECES = [
    *"abcZ .!?,;\n\t“”\"'。！？、के्हि日本語👩‍🎤é",
    "Dr. ",
    "3.50",
    "e\u0301",
    "...",
    "word ",
    "सत्य। ",
]
texts = st.one_of(
    st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=120).map("".join)
)


@given(texts, st.integers(1, 60))
def test_parts_are_the_text_and_short_enough(text: str, most: int) -> None:
    parts = chunks(text, most)
    assert "".join(parts) == text
    assert all(1 <= len(part) <= most for part in parts)


@given(st.lists(st.text("abcdé", min_size=1, max_size=9), min_size=1, max_size=40))
def test_a_word_is_cut_only_when_it_is_too_long_by_itself(words: list[str]) -> None:
    said = [word for part in chunks(" ".join(words), 10) for word in part.split()]
    assert said == words


def test_a_short_text_is_one_part() -> None:
    assert chunks("Hello. World.", 100) == ["Hello. World."]
    assert chunks("", 100) == []
    assert chunks("   ", 2) == ["  ", " "]


def test_it_must_be_cut_at_something() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        chunks("a", 0)


@pytest.mark.parametrize(
    ("text", "most", "parts"),
    [
        ("One two. Three four. Five.", 22, ["One two. Three four. ", "Five."]),
        ("He left! Why? Nobody knows.", 16, ["He left! Why? ", "Nobody knows."]),
        ('"Go now." She went away.', 15, ['"Go now." ', "She went away."]),
        ("Dr. Smith is in. He waits.", 18, ["Dr. Smith is in. ", "He waits."]),
        ("He is in. Ask Dr. Smith now", 18, ["He is in. ", "Ask Dr. Smith now"]),
        ("It is he. J. Smith wins", 13, ["It is he. ", "J. Smith wins"]),
        ("It costs 3.50 now. Pay me.", 20, ["It costs 3.50 now. ", "Pay me."]),
        ("J. R. R. Tolkien wrote. Yes.", 26, ["J. R. R. Tolkien wrote. ", "Yes."]),
        ("See example.com today. Bye now.", 25, ["See example.com today. ", "Bye now."]),
        ("First line\nsecond line", 15, ["First line\n", "second line"]),
        ("When it rains, it pours on us", 18, ["When it rains, ", "it pours on us"]),
        ("no marks in this long one", 10, ["no marks ", "in this ", "long one"]),
        ("今日は良い天気です。明日も晴れ。", 12, ["今日は良い天気です。", "明日も晴れ。"]),
        ("你好，世界，再见朋友们", 7, ["你好，世界，", "再见朋友们"]),
        ("यह अच्छा है। वह भी।", 14, ["यह अच्छा है। ", "वह भी।"]),
        ("مرحبا بك؟ نعم، أهلا", 12, ["مرحبا بك؟ ", "نعم، أهلا"]),
        ("abcdefghijkl", 5, ["abcde", "fghij", "kl"]),
        ("ae\u0301ae\u0301", 5, ["ae\u0301a", "e\u0301"]),
        ("x👩\u200d🎤y", 3, ["x", "👩\u200d🎤", "y"]),
    ],
)
def test_parts_end_at_sentences_then_clauses_then_words(
    text: str, most: int, parts: list[str]
) -> None:
    assert chunks(text, most) == parts


@pytest.mark.parametrize("text", ['"' * 200_000, " " * 200_000, "." * 200_000, "a" * 200_000])
def test_odd_texts_take_no_time(text: str) -> None:
    began = time.monotonic()
    assert "".join(chunks(text, 3_000)) == text
    assert time.monotonic() - began < 10
