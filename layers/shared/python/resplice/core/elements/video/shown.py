"""What is seen of a video: its file's frames. A loop begins again on a frame."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.elements import moving
from resplice.core.elements.looks import drawn_in_vain, file_shown
from resplice.core.elements.outcome import Passage, Shown, Surroundings
from resplice.core.elements.video.model import VideoElement
from resplice.core.facts import media


def plays(element: VideoElement, around: Surroundings) -> Passage | None:
    """What is left of the clip after its seek."""
    return moving.passage(element, media(around.own()), on_frames=True)


def shown(element: VideoElement, around: Surroundings, life_frames: int) -> Shown:
    """The clip, placed, over a life of that many frames."""
    return file_shown(element, around, life_frames)


def in_vain(element: VideoElement, around: Surroundings) -> Iterator[str]:
    """Says what of its box and of its seek does nothing."""
    yield from drawn_in_vain(element, around)
    yield from moving.sought_before(element, around)
