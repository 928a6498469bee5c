"""A line of captions: what is on screen together, and when each of its words is said."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from resplice.core.unspaced import LONGEST_PIECE, spaced, unspaced
from resplice.frozen import frozen

MS_PER_TICK = 10
"""Times are whole hundredths of a second, as an ASS file has them, so that it loses nothing."""


@frozen
class LineWord:
    """A word with its punctuation.

    start_ms  when it is said, in the movie; the line's start where the words have no times
    ends_row  the text goes on in a new row after it
    """

    text: str
    start_ms: int
    italic: bool = False
    bold: bool = False
    ends_row: bool = False


@frozen
class Line:
    """Words on screen in [start_ms, end_ms) of the movie. timed: whether they have own times."""

    words: tuple[LineWord, ...]
    start_ms: int
    end_ms: int
    timed: bool

    @property
    def text(self) -> str:
        """What is read."""
        return "".join(
            f"{word.text}{gap}" for word, gap in zip(self.words, gaps(self.words), strict=True)
        )


def ticks(ms: float) -> int:
    """The nearest whole number of ticks, in milliseconds."""
    return round(ms / MS_PER_TICK) * MS_PER_TICK


def kept_whole(text: str) -> bool:
    """Whether rows must be told not to end within the word: it is short, and a script has no
    spaces, so that a row could end anywhere.
    """
    return len(text) <= LONGEST_PIECE and unspaced(text)


def gaps(words: Sequence[LineWord]) -> list[str]:
    """What stands after each word: a space, a line break, or nothing."""
    found = [
        "\n" if word.ends_row else " " if spaced(word.text, after.text) else ""
        for word, after in pairwise(words)
    ]
    return [*found, ""] if words else []
