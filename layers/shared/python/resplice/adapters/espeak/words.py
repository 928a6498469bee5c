"""The words of a text, where they stand in it, and when each is said. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from resplice.core.words import Word

_WORD = re.compile(r"\S+")
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f]")


def words_of(text: str) -> list[tuple[int, int, str]]:
    """(begin, end, the word) of all that stands between white space."""
    return [(found.start(), found.end(), found[0]) for found in _WORD.finditer(text)]


def readable(text: str) -> str:
    """As long as the text, and fit to be sent to a program: control characters are spaces, but
    ends of lines stay.
    """
    plain = _UNREADABLE.sub(lambda found: "\n" if found[0] == "\n" else " ", text)
    return plain.encode(errors="replace").decode()


def timed(
    words: Sequence[str], said: Mapping[int, tuple[float, float]], total_ms: float
) -> tuple[Word, ...]:
    """Each word with its time. said: [begin, end) in ms of the places that are heard; what is not
    heard (a dash) gets the time between its neighbours.
    """
    found, reached = list[Word](), 0
    for place, word in enumerate(words):
        if place in said:
            begin, end = said[place]
        else:
            begin = reached
            end = next((said[each][0] for each in range(place, len(words)) if each in said), begin)
        start_ms = _within(begin, reached, total_ms)
        reached = _within(end, start_ms, total_ms)
        found.append(Word(word, start_ms, reached))
    return tuple(found)


def _within(ms: float, least: int, most: float) -> int:
    return max(least, min(round(ms), int(most)))
