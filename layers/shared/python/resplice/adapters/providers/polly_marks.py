"""Amazon Polly's speech marks: https://docs.aws.amazon.com/polly/latest/dg/output.html

Lines of JSON. A word has the bytes that it takes of the input, and when it begins; a viseme has
when a mouth begins to look like that, `sil` being a closed one: there a word has ended.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from resplice.adapters.providers.word_marks import Mark
from resplice.core.time_units import DAY_MS

LAST_WORD_MS = 300
"""How long the last word takes where nothing says it."""
LONGEST_MS = DAY_MS
SILENCE = "sil"


def marks_in(answer: bytes, offsets: Sequence[int]) -> list[Mark]:
    """The words of the answer; none when it is of another form. offsets: of the characters of
    what is said, in bytes of what was sent; the last is where it ends.
    """
    try:
        lines = [json.loads(line) for line in answer.splitlines() if line.strip()]
        words = [line for line in lines if line["type"] == "word"]
        mouth = [(_time(line), line["value"]) for line in lines if line["type"] == "viseme"]
        return list(_marks(words, mouth, offsets))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return []


def _marks(
    words: Sequence[dict[str, Any]], mouth: Sequence[tuple[int, str]], offsets: Sequence[int]
) -> Iterator[Mark]:
    starts, times = [_time(word) for word in words], [time for time, _ in mouth]
    for word, start_ms, next_ms in zip(words, starts, [*starts[1:], None], strict=True):
        until = len(times) if next_ms is None else bisect_left(times, next_ms)
        end_ms = _end(mouth[bisect_right(times, start_ms) : until], start_ms, next_ms)
        first = max(0, bisect_right(offsets, word["start"]) - 1)
        yield Mark(first, max(first + 1, bisect_left(offsets, word["end"])), start_ms, end_ms)


def _end(mouth: Sequence[tuple[int, str]], start_ms: int, next_ms: int | None) -> int:
    """Where the silence before the next word begins, or that word."""
    last_ms = mouth[-1][0] if mouth else start_ms + LAST_WORD_MS
    end_ms = last_ms if next_ms is None else next_ms
    for time, form in reversed(mouth):
        if form != SILENCE:
            break
        end_ms = time
    return end_ms


def _time(line: dict[str, Any]) -> int:
    time = int(line["time"])
    if not 0 <= time <= LONGEST_MS:
        raise ValueError("no time of a sound")
    return time
