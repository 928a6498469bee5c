"""What transcribers answer, made words: punctuation joined, whatever they say of times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from resplice.adapters.providers.flac_length import flac_seconds
from resplice.adapters.providers.heard_words import Unexpected, punctuated, words_of
from resplice.core.words import Word


def texts(*tokens: str) -> list[str]:
    return [word.text for word in words_of((token, n, n + 1) for n, token in enumerate(tokens))]


def test_punctuation_is_joined_to_its_word() -> None:
    assert texts("Hello", ",", "world", ".", "”") == ["Hello,", "world.”"]
    assert texts("¿", "Qué", "?", "(", "sí", ")") == ["¿Qué?", "(sí)"]
    assert texts("a", "&", "b", "%", "$", "5") == ["a", "&", "b%", "$", "5"]


def test_punctuation_without_a_word_is_dropped() -> None:
    assert texts(".", "a", "(") == ["a"]
    assert texts("…") == texts("(") == []


def test_what_cannot_be_shown_is_not_in_a_word() -> None:
    assert texts("a\x00b", "c\x1b[0m", "\n") == ["a", "b", "c", "[0m"]


def test_no_word_reaches_into_the_next() -> None:
    assert words_of([("a", 0, 900), ("b", 500, 500), ("c", 500, 400)]) == (
        Word("a", 0, 500),
        Word("b", 500, 501),
        Word("c", 501, 502),
    )


def test_times_may_be_text() -> None:
    assert words_of([("a", "0.27", "0.5604")], scale=1000) == (Word("a", 270, 560),)


@pytest.mark.parametrize("time", [None, True, -1, "x", "", [], float("nan"), float("inf"), 1e12])
def test_a_time_that_is_none_is_unexpected(time: Any) -> None:
    for token in (("a", time, 1), ("a", 0, time)):
        with pytest.raises(Unexpected):
            words_of([token])


@pytest.mark.parametrize("text", [None, 7, "a" * 3000])
def test_a_text_that_is_none_is_unexpected(text: Any) -> None:
    with pytest.raises(Unexpected):
        words_of([(text, 0, 1)])


def test_bare_words_get_the_punctuation_of_their_text() -> None:
    bare = [(word, n, n + 1) for n, word in enumerate(["and", "he", "said", "no", "zzz", "end"])]
    told = [text for text, _, _ in punctuated(bare, "And he said: «No»… the end!")]
    assert told == ["And", "he", "said:", "«No»…", "zzz", "end!"]


def test_a_flac_says_how_long_it_is() -> None:
    assert flac_seconds(Path(__file__).parents[1] / "speech/sale.flac", "X") == 6.25
