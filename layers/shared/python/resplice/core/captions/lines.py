"""Words to lines: what is on screen together, and for how long. Pure.

Where the reference of subtitles is silent, its list of decisions (5) says what is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from resplice.core.captions.appearance import Appearance
from resplice.core.captions.line import Line, LineWord, ticks
from resplice.core.captions.replacing import shared_out
from resplice.core.captions.slot import WIDEST_OF_CANVAS, rows_of
from resplice.core.captions.writing import MAX_WORD_CHARS, readable
from resplice.core.composition import Canvas
from resplice.core.unspaced import unspaced
from resplice.core.words import Word
from resplice.frozen import frozen

PAUSE_MS = 700
"""A longer silence ends a line."""
STAYS_MS = 500
"""How long a line stays after its last word, at most."""
MAX_ROWS = 2
USUALLY_NARROWER = 1.35
"""Letters are reckoned as wide as they may be (see `slot`); most are narrower by this."""
MAX_LINES = 10_000

_ENDS_SENTENCE = re.compile(r"[.!?…。！？｡؟۔।]['\"’”»)\]）」』]*$")


@frozen
class Grouping:
    """How many words a line has at most, and what they are to fit in."""

    max_words: int
    look: Appearance
    canvas: Canvas


def spoken_lines(words: Iterable[Word], grouping: Grouping) -> list[Line]:
    """Lines of what is said: words with times in the movie, in any order."""
    return lines_of(groups(in_order(words), grouping))


def in_order(words: Iterable[Word]) -> list[Word]:
    """The words that can be read, by their starts, on ticks; none ends before it starts.

    Several that come as one share its time.
    """
    found: list[Word] = []
    for word in words:
        start = ticks(max(0, word.start_ms))
        texts = [text[:MAX_WORD_CHARS] for text in readable(word.text).split()]
        for part in shared_out(texts, start, max(start, ticks(word.end_ms))):
            found.append(Word(part.text, ticks(part.start_ms), ticks(part.end_ms)))
    return sorted(found, key=lambda word: word.start_ms)


def groups(words: Sequence[Word], grouping: Grouping) -> Iterator[list[Word]]:
    """Words in order, cut where a line ends."""
    group: list[Word] = []
    for word in words:
        if group and _ends(group, word, grouping):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _ends(group: Sequence[Word], following: Word, grouping: Grouping) -> bool:
    last = group[-1]
    counted = sum(map(_thirds, [*group, following]))
    return (
        counted > 3 * grouping.max_words
        or following.start_ms - last.end_ms > PAUSE_MS
        or bool(_ENDS_SENTENCE.search(last.text))
        or not _fits([*group, following], grouping)
    )


def _thirds(word: Word) -> int:
    """What it counts among the words of a line, in thirds: three letters of a script without spaces
    are read as fast as a word of another.
    """
    return len(word.text) if unspaced(word.text) else 3


def _fits(group: Sequence[Word], grouping: Grouping) -> bool:
    widest = round(grouping.canvas.width * WIDEST_OF_CANVAS * USUALLY_NARROWER)
    return rows_of([_on_line(word) for word in group], grouping.look, widest) <= MAX_ROWS


def _on_line(word: Word) -> LineWord:
    return LineWord(word.text, word.start_ms)


def lines_of(grouped: Iterable[Sequence[Word]]) -> list[Line]:
    """Each group on screen from its first word to the next group's, but not long after its last."""
    lines = []
    for group in grouped:
        last_ms = max(word.end_ms for word in group)
        words = tuple(_on_line(word) for word in group)
        lines.append(Line(words, group[0].start_ms, last_ms + STAYS_MS, timed=True))
    return one_at_a_time(lines)


def one_at_a_time(lines: Sequence[Line]) -> list[Line]:
    """Lines by their starts, each gone when the next one comes; those without time are left out.

    Of lines that start together the last one is seen.
    """
    ordered = sorted(lines, key=lambda line: line.start_ms)
    ends = [after.start_ms for _, after in pairwise(ordered)]
    cut = (
        replace(line, end_ms=min(line.end_ms, end))
        for line, end in zip(ordered, [*ends, ordered[-1].end_ms if ordered else 0], strict=False)
    )
    return [line for line in cut if line.end_ms > line.start_ms]


def in_capitals(lines: Iterable[Line], language: str) -> list[Line]:
    """The lines in capital letters, by the rules of the language; scripts without case stay."""
    return [
        replace(
            line,
            words=tuple(replace(word, text=capitals(word.text, language)) for word in line.words),
        )
        for line in lines
    ]


def capitals(text: str, language: str) -> str:
    """Turkish and Azeri have two letters i, each with a capital of its own."""
    if language.lower().split("-")[0] in ("tr", "az"):
        text = text.replace("i", "İ").replace("ı", "I")
    return text.upper()
