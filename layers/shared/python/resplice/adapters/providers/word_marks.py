"""When each word of a text is said, of marks as providers give them: parts of the text with times.

Pure. A word is what stands between white space, with its punctuation. Where a script puts none
between its words (Chinese, Japanese, Thai and their like), a word is what the marks take as one.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from resplice.core.words import Word
from resplice.frozen import frozen

_UNSPACED = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_GO_ON = "เแโใไເແໂໃໄ"
"""Vowels of Thai and Lao that are written before what they belong to."""

Span = tuple[int, int]


@frozen
class Mark:
    """Characters [start, end) of the text are said in [start_ms, end_ms)."""

    start: int
    end: int
    start_ms: float
    end_ms: float


def words_of(text: str, marks: Sequence[Mark]) -> tuple[Word, ...] | None:
    """All words of the text in order, none before the one before has ended; None without marks.

    A word without a mark (a dash by itself) takes the time between its neighbours.
    """
    pieces = _pieces(text, sorted({mark.start for mark in marks}))
    times = _times(pieces, marks)
    if not any(times):
        return None
    ordered = _in_order(_filled(times))
    spoken = zip(pieces, ordered, strict=True)
    return tuple(Word(text[a:b].strip(), start, end) for (a, b), (start, end) in spoken)


def _pieces(text: str, starts: Sequence[int]) -> list[Span]:
    return [
        span
        for found in re.finditer(r"\S+", text)
        for span in pairwise([found.start(), *_cuts(text, *found.span(), starts), found.end()])
    ]


def _cuts(text: str, start: int, end: int, starts: Sequence[int]) -> Iterator[int]:
    """Where a word that is written without spaces is cut, beside its ends."""
    first = bisect_left(starts, start)
    for at in starts[first + 1 : bisect_left(starts, end)]:
        unspaced = _UNSPACED.match(text, at) or _UNSPACED.match(text, at - 1)
        if not unspaced or text[at - 1] in _GO_ON or _belongs_to_the_one_before(text[at]):
            continue
        while at - 1 > start and unicodedata.category(text[at - 1]) in ("Ps", "Pi"):
            at -= 1
        yield at


def _belongs_to_the_one_before(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category[0] == "M" or letter in "ー々ๆๅะາະ" or category in ("Pe", "Pf", "Po", "Lm")


def _times(pieces: Sequence[Span], marks: Sequence[Mark]) -> list[Span | None]:
    """When each piece is said; a mark of several is shared by the lengths that it has of them."""
    times: list[Span | None] = [None] * len(pieces)
    ends = [end for _, end in pieces]
    for mark in marks:
        first = bisect_right(ends, mark.start)
        last = bisect_left(pieces, (max(mark.end, mark.start + 1), 0))
        shares = [
            (index, max(1, min(mark.end, pieces[index][1]) - max(mark.start, pieces[index][0])))
            for index in range(first, last)
        ]
        at, whole = mark.start_ms, sum(share for _, share in shares)
        for index, share in shares:
            until = at + (mark.end_ms - mark.start_ms) * share / whole
            known = times[index] or (round(at), round(until))
            times[index] = min(known[0], round(at)), max(known[1], round(until))
            at = until
    return times


def _filled(times: Sequence[Span | None]) -> list[Span]:
    """With times for those that have none: the room between their neighbours, in equal parts."""
    filled = list[Span]()
    for index, known in enumerate(times):
        if known:
            filled.append(known)
            continue
        start = filled[-1][1] if filled else 0
        later = next(((n, each) for n, each in enumerate(times[index:]) if each), None)
        step = (later[1][0] - start) // later[0] if later else 1
        filled.append((start, start + max(1, step)))
    return filled


def _in_order(times: Sequence[Span]) -> Iterator[Span]:
    """Each at least 1 ms long, and none before the one before has ended."""
    at = 0
    for (start, end), following in zip(times, [*times[1:], None], strict=True):
        begins = max(start, at)
        if following and following[0] > begins:
            end = min(end, following[0])
        at = max(end, begins + 1)
        yield begins, at
