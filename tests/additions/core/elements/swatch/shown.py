"""What becomes of a swatch: its picture, seen where its pattern is bright."""

from __future__ import annotations

from dataclasses import replace

from resplice.core.composition import FilePicture, Source
from resplice.core.elements.looks import file_shown
from resplice.core.elements.outcome import Shown, Surroundings
from resplice.core.elements.swatch.model import SwatchElement
from resplice.core.elements.swatch.needs import PATTERN
from resplice.core.facts import media


def shown(swatch: SwatchElement, around: Surroundings, life_frames: int) -> Shown:
    """The colour, over a life of that many frames."""
    plain = file_shown(swatch, around, life_frames)
    pattern = around.at(PATTERN.place)
    return replace(plain, mask=FilePicture(Source.of(media(pattern)))) if pattern else plain
