"""What a swatch needs: its colour as a picture, and its pattern's file."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.elements.files import IMAGES, MASK, Address, Need, downloads
from resplice.core.elements.outcome import Surroundings
from resplice.core.elements.swatch.model import SwatchElement
from resplice.core.tasks.tint import TintTask

PATTERN = Address(("pattern",), ("pattern",), IMAGES, lambda swatch: swatch.pattern)
ADDRESSES = (PATTERN, MASK)


def needs(swatch: SwatchElement, around: Surroundings) -> Iterator[Need]:
    """A picture of the size that the document asks for, or as large as the canvas."""
    yield from downloads(swatch, ADDRESSES)
    width, height = swatch.wanted_size()
    wide = width if width > 0 else around.canvas.width
    yield (), TintTask(swatch.colour, wide, height if height > 0 else around.canvas.height)
