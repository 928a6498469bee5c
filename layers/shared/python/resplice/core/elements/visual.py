"""What every element that is seen may say. Spec: movie JSON reference, 3.2 and 3.3.

How that becomes a look is in `looks`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from resplice.core.document.values import (
    Colour,
    Length,
    Offset,
    Pan,
    Part,
    Pixels,
    Position,
    Resize,
    Seconds,
)
from resplice.core.elements.base import ElementBase
from resplice.core.geometry import Placing, Travel

MAX_ZOOM = 10
ALL_COLOURS = 100
"""The tolerance of a chroma key that takes every colour."""


class Scale(Part):
    """The 2022 spelling of width and height.

    width   pixels; -1: by the other side, or its own
    height  pixels; -1: by the other side, or its own
    """

    width: Length = -1
    height: Length = -1


class Crop(Part):
    """The box of the source that is shown, in the source's own pixels.

    width   pixels
    height  pixels
    x       pixels from the source's left edge
    y       pixels from the source's top edge
    """

    width: Annotated[Pixels, Field(ge=1)]
    height: Annotated[Pixels, Field(ge=1)]
    x: Annotated[Pixels, Field(ge=0)] = 0
    y: Annotated[Pixels, Field(ge=0)] = 0


class Rotate(Part):
    """Turns the element about its middle.

    angle  degrees, clockwise; -360 to 360
    speed  seconds that it takes to turn through the angle; 0: it stands at that angle
    """

    angle: Annotated[float, Field(ge=-360, le=360)] = 0
    speed: Seconds = 0


class ChromaKey(Part):
    """Makes a colour transparent.

    color      the colour that goes
    tolerance  1: that colour alone, 100: every colour
    """

    color: Colour
    tolerance: Annotated[float, Field(ge=1, le=ALL_COLOURS)] = 25


class Correction(Part):
    """Corrects the colours; the ranges are those of FFmpeg's eq filter.

    brightness  -1 (black) to 1 (white); 0 changes nothing
    contrast    -1000 to 1000; 1 changes nothing
    gamma       0.1 to 10; 1 changes nothing
    saturation  0 (grey) to 3; 1 changes nothing
    """

    brightness: Annotated[float, Field(ge=-1, le=1)] = 0
    contrast: Annotated[float, Field(ge=-1000, le=1000)] = 1
    gamma: Annotated[float, Field(ge=0.1, le=10)] = 1
    saturation: Annotated[float, Field(ge=0, le=3)] = 1


class VisualElement(ElementBase):
    """What every element that is seen may say. resize is of the canvas: no box counts beside it.

    position         where it lies; presets leave a gap of 5 % to the edge. custom: at x and y
    x                pixels from the left edge to its left; with a preset, from there
    y                pixels from the top edge to its top; with a preset, from there
    width            pixels; -1: by its height, or its own (of a text, a page, a component, a wave:
                     the movie's)
    height           pixels; -1: by its width, or its own (of a text, a page, a component, a wave:
                     the movie's)
    scale            the 2022 spelling of width and height
    resize           scales it to the whole movie: cover and fill until nothing of the canvas is
                     free, contain and fit until all of it is inside. Its width, height, x and y
                     do not count then
    crop             the box of the source that is shown
    rotate           turns it about its middle
    zoom             -10 to 10, beyond is cut: by how many tenths it grows over its life; below 0 it
                     begins near and goes out
    pan              the way that its view goes; with zoom, the place that it goes to
    pan_distance     how far it pans, as a share of its size
    pan_crop         whether it is enlarged so that no border is seen while it pans
    chroma_key       makes a colour transparent
    correction       brightness, contrast, gamma and saturation
    flip_horizontal  left becomes right
    flip_vertical    top becomes bottom
    mask             the URL of a picture or a clip: it is seen where that is white, and is not
                     where that is black
    """

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

    def said_place(self) -> tuple[int, int, int, int] | None:
        """x, y, width and height as the document says them, -1 for a side that it leaves open;
        None where they do not count.
        """
        return None if self.resize else (self.x, self.y, *self.wanted_size())

    def travel(self) -> Travel:
        """How its view travels."""
        return Travel(self.zoom, self.pan, self.pan_distance, self.pan_crop)
