"""Words whose times were found, and between them the others, spread by their letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from resplice.core.spread import spread_words
from resplice.core.words import Word

LEAST_MS = 40
"""A word for which its neighbours leave less takes some of theirs."""
UNSAID_MS = 10
"""For a dash or a picture that stands alone."""
Times = Mapping[int, tuple[int, int]]


def filled(words: Sequence[str], times: Times, end_ms: int) -> tuple[Word, ...]:
    """Every word, in order. times: (start, end) in ms by number; end_ms: of the sound."""
    placed = [Word(words[n], *times[n]) if n in times else None for n in range(len(words))]
    for first, last in list(_gaps(placed)):
        start, end = _edges(placed, first, last, end_ms)
        if not any(char.isalnum() for word in words[first:last] for char in word):
            start = _unsaid(placed, first, last, start, end)
        elif end - start < LEAST_MS * (last - first):
            first, last = max(0, first - 1), min(len(words), last + 1)
            start, end = _outer_edges(placed, first, last, end_ms)
        placed[first:last] = spread_words(words[first:last], start, end)
    return tuple(word for word in placed if word is not None)


def _unsaid(placed: list[Word | None], first: int, last: int, start_ms: int, end_ms: int) -> int:
    """Where what nobody says begins: the word before it gives what is missing, at most half."""
    before = placed[first - 1] if first else None
    missing = UNSAID_MS * (last - first) - (end_ms - start_ms)
    if before is None or missing <= 0:
        return start_ms
    given = min(missing, (before.end_ms - before.start_ms) // 2)
    placed[first - 1] = Word(before.text, before.start_ms, before.end_ms - given)
    return before.end_ms - given


def _gaps(placed: Sequence[Word | None]) -> Iterator[tuple[int, int]]:
    """[first, last) of each run of words without a time."""
    for missing, run in groupby(range(len(placed)), lambda n: placed[n] is None):
        numbers = list(run)
        if missing:
            yield numbers[0], numbers[-1] + 1


def _edges(placed: Sequence[Word | None], first: int, last: int, end_ms: int) -> tuple[int, int]:
    """The time between the words around [first, last)."""
    before = placed[first - 1] if first else None
    after = placed[last] if last < len(placed) else None
    return before.end_ms if before else 0, after.start_ms if after else end_ms


def _outer_edges(
    placed: Sequence[Word | None], first: int, last: int, end_ms: int
) -> tuple[int, int]:
    """The time of the words of [first, last), of which the outer ones have one."""
    start, end = placed[first], placed[last - 1]
    return start.start_ms if start else 0, end.end_ms if end else end_ms
