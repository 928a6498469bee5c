"""What transcribers answer, made our words: punctuation joined, in order, in milliseconds.

Their answers come from outside: what is not as documented is a ProviderLost, never a traceback.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from resplice.core.spread import spread
from resplice.core.time_units import DAY_MS
from resplice.core.words import Word
from resplice.errors import ProviderLost

MAX_MS = DAY_MS
MAX_WORD_CHARS = 2000
_NO_PUNCTUATION = "&@#*"
"""Unicode says that they are; people say them."""
_OPENING = ("Ps", "Pi")

Token = tuple[Any, Any, Any]
"""What a provider says of a word: its text, start and end, in milliseconds."""


class Unexpected(Exception):
    """An answer is not as it is documented."""


def member(value: Any, name: str, kind: type | tuple[type, ...]) -> Any:
    """value[name], of that kind. Raises Unexpected."""
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, kind) or isinstance(found, bool):
        raise Unexpected
    return found


def milliseconds(value: Any, scale: int = 1) -> int:
    """A number, or a number as text, of which each is `scale` ms. Raises Unexpected."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unexpected
    try:
        number = float(value) * scale
    except (ValueError, OverflowError):
        raise Unexpected from None
    if not math.isfinite(number) or not 0 <= number <= MAX_MS:
        raise Unexpected
    return round(number)


def not_as_documented(provider: str) -> ProviderLost:
    return ProviderLost(provider, "its answer is not as documented; it may have been paid for")


def words_of(tokens: Iterable[Token], scale: int = 1) -> tuple[Word, ...]:
    """Words in order, each of 1 ms or more, none of which lasts beyond the start of the next.

    A token of punctuation alone is joined to the word that it belongs to, and dropped when it has
    none; one of several words is spread over its time. Raises Unexpected.
    """
    heard = [_word(token, scale) for token in tokens]
    apart = [word for each in _joined(heard) for word in _apart(each)]
    return _in_order(sorted(apart, key=lambda word: word.start_ms))


def _word(token: Token, scale: int) -> Word:
    text, start, end = token
    if not isinstance(text, str):
        raise Unexpected
    shown = "".join(char if char.isprintable() else " " for char in _bounded(text))
    start_ms = milliseconds(start, scale)
    return Word(shown.strip(), start_ms, max(start_ms, milliseconds(end, scale)))


def _joined(words: Iterable[Word]) -> Iterator[Word]:
    held, opening = None, ""
    for word in words:
        if not word.text:
            continue
        if _opens(word.text):
            opening = _bounded(opening + word.text)
        elif punctuation(word.text):
            held = held and _longer(held, word.text)
        else:
            if held:
                yield held
            text = _bounded(opening + word.text)
            held, opening = Word(text, word.start_ms, word.end_ms), ""
    if held:
        yield held


def _longer(word: Word, more: str) -> Word:
    return Word(_bounded(word.text + more), word.start_ms, word.end_ms)


def _bounded(text: str) -> str:
    """Punctuation without an end would be joined for hours. Raises Unexpected."""
    if len(text) > MAX_WORD_CHARS:
        raise Unexpected
    return text


def _opens(text: str) -> bool:
    return all(char in "¿¡" or unicodedata.category(char) in _OPENING for char in text)


def punctuation(text: str) -> bool:
    """Whether nobody says it."""
    return all(unicodedata.category(char)[0] == "P" for char in text) and not any(
        char in _NO_PUNCTUATION for char in text
    )


def _apart(word: Word) -> tuple[Word, ...]:
    if len(word.text.split()) == 1:
        return (word,)
    return spread(word.text, word.start_ms, word.end_ms)


def _in_order(words: Sequence[Word]) -> tuple[Word, ...]:
    starts = list[int]()
    for word in words:
        starts.append(max(word.start_ms, starts[-1] + 1) if starts else word.start_ms)
    limits = [*(later for _, later in pairwise(starts)), MAX_MS + len(starts)]
    return tuple(
        Word(word.text, start, max(start + 1, min(word.end_ms, limit)))
        for word, start, limit in zip(words, starts, limits, strict=bool(words))
    )


def punctuated(words: Sequence[Token], text: str) -> Iterator[Token]:
    """The words with the punctuation that the text has around them.

    Some providers give words bare, and the text of them all with punctuation. A word that is not
    found in the text stays bare.
    """
    lower, at = text.lower(), 0
    for word, start, end in words:
        bare = word.strip() if isinstance(word, str) else ""
        # The next few only: what is found far behind is another word, alike.
        found = lower.find(bare.lower(), at, at + len(bare) + 40) if bare else -1
        if found < 0 or len(lower) != len(text):
            yield word, start, end
            continue
        first, last = found, found + len(bare)
        while first > at and punctuation(text[first - 1]):
            first -= 1
        while last < len(text) and punctuation(text[last]) and not _opens(text[last]):
            last += 1
        at = last
        yield text[first:last], start, end
