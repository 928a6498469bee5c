"""What a line's pictures are, by its style, and from when each is seen."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.captions.appearance import Appearance
from resplice.core.captions.line import Line
from resplice.frozen import frozen


@frozen
class State:
    """What one picture of a line shows.

    shown   how many of the words are seen, from the first; their places are the same in all
    spoken  the word that is being said, if any
    alone   nothing but that word is there
    """

    shown: int
    spoken: int | None = None
    alone: bool = False


@frozen
class Moment:
    """The state that is seen from start_ms of the movie on."""

    start_ms: int
    state: State


def moments(line: Line, look: Appearance) -> list[Moment]:
    """The line's states in order; none says anything of when, so that a moved line is the same.

    A word is marked until the next one is said. A line whose words have no times, or whose mark
    nobody would see, is one picture.
    """
    count = len(line.words)
    if not line.timed or _marks_nothing(look):
        return [Moment(line.start_ms, State(count))] if count else []
    return list(_by_word(line, look, count))


def _by_word(line: Line, look: Appearance, count: int) -> Iterator[Moment]:
    one_word, progressive = (
        look.style == style for style in ("classic-one-word", "classic-progressive")
    )
    early = line.words and line.words[0].start_ms > line.start_ms
    if early and not one_word and not progressive:
        yield Moment(line.start_ms, State(count))
    for index, word in enumerate(line.words):
        shown = index + 1 if progressive else count
        yield Moment(word.start_ms, State(1 if one_word else shown, index, one_word))


def _marks_nothing(look: Appearance) -> bool:
    return look.word_colour == look.line_colour and look.style in ("classic", "boxed-line")
