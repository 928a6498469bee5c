"""What comes of an element when all that it needs is known: what is shown, heard and played.

Values only; the timeline says when, a row of TYPES how they are made of an element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from itertools import count

from resplice.core.composition import Canvas, Look, Picture, Source
from resplice.core.document.paths import DocumentPath
from resplice.core.facts import Facts, FactsOf
from resplice.core.providers import NO_OFFERS, Offers
from resplice.core.words import Word
from resplice.frozen import frozen


@frozen
class Audible:
    """A source that is heard, at its place in the movie, milliseconds.

    path    of its element
    words   what is said in it, in its own time, when we spoke it ourselves; else None
    seek_ms, period_ms, plays  the part of it that plays, and how often (-1 for ever)
    """

    path: DocumentPath
    source: Source
    words: tuple[Word, ...] | None
    start_ms: float
    end_ms: float
    seek_ms: float
    period_ms: float
    plays: int

    def placed(self, words: tuple[Word, ...]) -> Iterator[Word]:
        """Those of the source's words that are heard, in the movie's time."""
        for number in count() if self.plays == -1 else range(self.plays):
            shift_ms = self.start_ms - self.seek_ms + number * self.period_ms
            if self.start_ms + number * self.period_ms >= self.end_ms:
                return
            last_ms = min(self.end_ms, self.start_ms + (number + 1) * self.period_ms)
            for word in words:
                begin_ms, end_ms = word.start_ms + shift_ms, word.end_ms + shift_ms
                if begin_ms >= self.start_ms + number * self.period_ms - 1 and begin_ms < last_ms:
                    yield Word(word.text, round(begin_ms), round(min(end_ms, last_ms)))


Soundtrack = tuple[Audible, ...]
DRAWN: dict[DocumentPath, DocumentPath] = {(): ("drawn",), ("mask",): ("drawn mask",)}
"""The place of a file inside an element -> that of what is painted of it, if it is a drawing."""


def _unheard() -> Soundtrack | None:
    return None


@frozen
class Surroundings:
    """What an element stands in.

    canvas  the movie's; path: the element's own; known: the facts that are there so far
    offers  who speaks, transcribes and generates here
    soundtrack  all that is heard in the movie; None while some of it is not known
    there_s  how long it is there, seconds; None before lengths are known
    """

    canvas: Canvas
    path: DocumentPath
    known: FactsOf
    offers: Offers = NO_OFFERS
    soundtrack: Callable[[], Soundtrack | None] = field(default=_unheard, compare=False)
    there_s: float | None = None

    def own(self) -> Facts:
        """The facts of the element itself. Raises KeyError before they are known."""
        return self.known[self.path]

    def at(self, place: DocumentPath) -> Facts | None:
        """The facts of what lies at that place inside the element, if they are known."""
        return self.known.get((*self.path, *place))


@frozen
class Passage:
    """The part of a moving source that plays: from seek_us, length_us of it, plays times (-1 for
    ever). on_frames: every round begins on a frame of the canvas.
    """

    seek_us: int
    length_us: int
    plays: int
    on_frames: bool = False


@frozen
class Shown:
    """What is seen: a picture, how it is drawn, and the grey picture that masks it.

    mask_plays: how the mask moves; None for one that stands still.
    showing: of a sheet, (frames after it is first seen, the slot that is seen from there on)
    """

    picture: Picture
    look: Look
    mask: Picture | None = None
    mask_plays: Passage | None = None
    showing: tuple[tuple[int, int], ...] = ()


@frozen
class Heard:
    """What is heard. in_step_with_frames: it begins, and loops, with the frames of a picture."""

    source: Source
    volume: float
    in_step_with_frames: bool
