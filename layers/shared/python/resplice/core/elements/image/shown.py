"""What becomes of an image: its file's picture."""

from __future__ import annotations

from resplice.core.elements.image.model import ImageElement
from resplice.core.elements.looks import file_shown, for_ever
from resplice.core.elements.outcome import Passage, Shown, Surroundings
from resplice.core.facts import media


def plays(element: ImageElement, around: Surroundings) -> Passage | None:
    """A picture that moves plays for ever."""
    return for_ever(media(around.own()))


def shown(element: ImageElement, around: Surroundings, life_frames: int) -> Shown:
    """The picture, placed, over a life of that many frames."""
    return file_shown(element, around, life_frames)
