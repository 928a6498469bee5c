"""Text that comes in pieces, with marks and times, to the words of a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from resplice.core.captions.line import LineWord, ticks
from resplice.core.unspaced import spaced

MAX_WORD_CHARS = 200
_SPACE = re.compile(r"(\s+)")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")


def readable(text: str) -> str:
    """The text without control characters and halves of characters."""
    return _UNSEEN.sub("", text)


@dataclass
class Words:
    """The words of one caption while it is read. A piece may end, and begin, within a word.

    A word is as its first letter is: italic, bold, said then. A new time begins a new word only
    where a script has no spaces.
    """

    italic: bool = False
    bold: bool = False
    _time: tuple[int, int | None] = (0, None)
    _found: list[_Said] = field(default_factory=list)
    _open: bool = False

    def said_at(self, start_ms: int) -> None:
        """What is added from here on is said then."""
        self._time = (self._time[0] + 1, start_ms)

    def add(self, text: str) -> None:
        """More text; a line break in it ends a row."""
        for part in _SPACE.split(readable(text)):
            if not part:
                continue
            if part.isspace():
                self._open = False
                if "\n" in part and self._found:
                    self._found[-1].ends_row = True
            elif self._goes_on(part):
                self._found[-1].text = (self._found[-1].text + part)[:MAX_WORD_CHARS]
            else:
                cut = part[:MAX_WORD_CHARS]
                self._found.append(_Said(cut, self._time, self.italic, self.bold))
                self._open = True

    def _goes_on(self, part: str) -> bool:
        if not self._open:
            return False
        last = self._found[-1]
        return last.time == self._time or spaced(last.text, part)

    @property
    def timed(self) -> bool:
        """Whether any word has a time of its own."""
        return any(said.time[1] is not None for said in self._found)

    def made(self, start_ms: int, end_ms: int) -> tuple[LineWord, ...]:
        """The words of a caption that is there in that time. None is said before the one before
        it, nor after the caption; those that share a time have it one after another, by letters.
        """
        return tuple(self._made(start_ms, end_ms))

    def _made(self, start_ms: int, end_ms: int) -> Iterator[LineWord]:
        starts = self._starts(start_ms, end_ms) if self.timed else [start_ms] * len(self._found)
        for number, (said, start) in enumerate(zip(self._found, starts, strict=True)):
            last = number == len(self._found) - 1
            yield LineWord(said.text, start, said.italic, said.bold, said.ends_row and not last)

    def _starts(self, start_ms: int, end_ms: int) -> list[int]:
        """When each word is said; those before the first time begin with the caption."""
        runs: list[tuple[int, list[int]]] = []
        for (_, told), together in groupby(self._found, key=lambda said: said.time):
            least = runs[-1][0] if runs else start_ms
            at = min(end_ms, max(least, start_ms if told is None else told))
            runs.append((at, [len(said.text) for said in together]))
        ends = [*(at for at, _ in runs[1:]), end_ms]
        return [
            moment
            for (at, letters), end in zip(runs, ends, strict=True)
            for moment in _shared(at, end, letters)
        ]


@dataclass
class _Said:
    """time: which of the times that were told, and the time; None before any was."""

    text: str
    time: tuple[int, int | None]
    italic: bool
    bold: bool
    ends_row: bool = False


def _shared(start_ms: int, end_ms: int, letters: list[int]) -> Iterator[int]:
    passed, total = 0, sum(letters)
    for count in letters:
        yield ticks(start_ms + (end_ms - start_ms) * passed / total)
        passed += count


def regular(words: tuple[LineWord, ...]) -> tuple[LineWord, ...]:
    """The words without rows of their own: they are put into other lines."""
    return tuple(replace(word, ends_row=False) for word in words)
