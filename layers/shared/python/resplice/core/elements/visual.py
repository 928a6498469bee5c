"""What every element that is seen may say. Spec: movie JSON reference, 3.2 and 3.3.

How that becomes a look is in `looks`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator

from resplice.core.document.values import (
    Colour,
    Length,
    Offset,
    Pan,
    Part,
    Position,
    Resize,
    Seconds,
    whole,
)
from resplice.core.elements.base import ElementBase
from resplice.core.geometry import Placing, Travel

MAX_ZOOM = 10
ALL_COLOURS = 100
"""The tolerance of a chroma key that takes every colour."""


class Scale(Part):
    """The 2022 spelling of width and height."""

    width: Length = -1
    height: Length = -1


class Crop(Part):
    """A box in source pixels."""

    width: Annotated[int, BeforeValidator(whole), Field(ge=1)]
    height: Annotated[int, BeforeValidator(whole), Field(ge=1)]
    x: Annotated[int, BeforeValidator(whole), Field(ge=0)] = 0
    y: Annotated[int, BeforeValidator(whole), Field(ge=0)] = 0


class Rotate(Part):
    """angle in degrees, clockwise; speed is the seconds it takes to turn through it, 0 = still."""

    angle: Annotated[float, Field(ge=-360, le=360)] = 0
    speed: Seconds = 0


class ChromaKey(Part):
    color: Colour
    tolerance: Annotated[float, Field(ge=1, le=ALL_COLOURS)] = 25


class Correction(Part):
    """Ranges of FFmpeg's eq filter, which the format took over."""

    brightness: Annotated[float, Field(ge=-1, le=1)] = 0
    contrast: Annotated[float, Field(ge=-1000, le=1000)] = 1
    gamma: Annotated[float, Field(ge=0.1, le=10)] = 1
    saturation: Annotated[float, Field(ge=0, le=3)] = 1


class VisualElement(ElementBase):
    """What every element that is seen may say. resize is of the canvas: no box counts beside it."""

    position: Position = "custom"
    x: Offset = 0
    y: Offset = 0
    width: Length = -1
    height: Length = -1
    scale: Scale = Scale()
    resize: Resize | None = None
    crop: Crop | None = None
    rotate: Rotate | None = None
    zoom: float = 0
    pan: Pan | None = None
    pan_distance: Annotated[float, Field(ge=0.01, le=0.5)] = 0.1
    pan_crop: bool = True
    chroma_key: ChromaKey | None = None
    correction: Correction | None = None
    flip_horizontal: bool = False
    flip_vertical: bool = False
    mask: str | None = None

    @field_validator("zoom")
    @classmethod
    def _clamped(cls, zoom: float) -> float:
        """2022's zoom was in percent up to 100; today's is -10..10. Too much is cut to the most."""
        return max(-MAX_ZOOM, min(MAX_ZOOM, zoom))

    def wanted_size(self) -> tuple[int, int]:
        """(width, height) in pixels, -1 where the document leaves it open."""
        if self.resize:
            return -1, -1
        return self.said_size()

    def said_size(self) -> tuple[int, int]:
        """The same, whether or not it counts."""
        width = self.width if self.width != -1 else self.scale.width
        height = self.height if self.height != -1 else self.scale.height
        return width, height

    def placing(self) -> Placing:
        """Where it wants its box."""
        x, y = (0, 0) if self.resize else (self.x, self.y)
        return Placing(self.position, x, y, self.wanted_size(), self.resize)

    def travel(self) -> Travel:
        """How its view travels."""
        return Travel(self.zoom, self.pan, self.pan_distance, self.pan_crop)
