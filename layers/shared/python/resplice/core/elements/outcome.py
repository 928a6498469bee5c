"""What comes of an element when all that it needs is known: what is shown, heard and played.

Values only; the timeline says when, a row of TYPES how they are made of an element.
"""

from __future__ import annotations

from dataclasses import dataclass

from resplice.core.composition import Canvas, Look, Picture, Source
from resplice.core.document.paths import DocumentPath
from resplice.core.facts import Facts, FactsOf


@dataclass(frozen=True)
class Surroundings:
    """What an element stands in: the movie's canvas, its own path, and what is known so far."""

    canvas: Canvas
    path: DocumentPath
    known: FactsOf

    def own(self) -> Facts:
        """The facts of the element itself. Raises KeyError before they are known."""
        return self.known[self.path]

    def at(self, place: DocumentPath) -> Facts | None:
        """The facts of what lies at that place inside the element, if they are known."""
        return self.known.get((*self.path, *place))


@dataclass(frozen=True)
class Passage:
    """The part of a moving source that plays: from seek_us, length_us of it, plays times (-1 for
    ever). on_frames: every round begins on a frame of the canvas.
    """

    seek_us: int
    length_us: int
    plays: int
    on_frames: bool = False


@dataclass(frozen=True)
class Shown:
    """What is seen: a picture, how it is drawn, and the grey picture that masks it.

    mask_plays: how the mask moves; None for one that stands still.
    """

    picture: Picture
    look: Look
    mask: Picture | None = None
    mask_plays: Passage | None = None


@dataclass(frozen=True)
class Heard:
    """What is heard. in_step_with_frames: it begins, and loops, with the frames of a picture."""

    source: Source
    volume: float
    in_step_with_frames: bool
