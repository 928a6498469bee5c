"""The elements of a movie: what each type may say. Spec: movie JSON reference, 3 and 6.

Only the types that Resplice renders have a class here; `problems` words the answer to the others.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from resplice.core.document.values import (
    MAX_TEXT_CHARS,
    Colour,
    Duration,
    Length,
    Offset,
    Pan,
    Part,
    Position,
    Resize,
    Seconds,
    whole,
)

MAX_ZOOM = 10
TEXT_STYLES = ("001",)


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
    tolerance: Annotated[float, Field(ge=1, le=100)] = 25


class Correction(Part):
    """Ranges of FFmpeg's eq filter, which the format took over."""

    brightness: Annotated[float, Field(ge=-1, le=1)] = 0
    contrast: Annotated[float, Field(ge=-1000, le=1000)] = 1
    gamma: Annotated[float, Field(ge=0.1, le=10)] = 1
    saturation: Annotated[float, Field(ge=0, le=3)] = 1


class ElementBase(Part):
    """What every element may say."""

    id: str | None = None
    comment: Any = None
    cache: bool = True
    start: Seconds = 0
    duration: Duration = -1
    extra_time: Seconds = 0
    z_index: Annotated[int, Field(ge=-99, le=99)] = 0
    fade_in: Seconds = 0
    fade_out: Seconds = 0


class VisualElement(ElementBase):
    """What every element that is seen may say."""

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
        width = self.width if self.width != -1 else self.scale.width
        height = self.height if self.height != -1 else self.scale.height
        return width, height


class Sounding(ElementBase):
    """What every element that is heard may say."""

    volume: Annotated[float, Field(ge=0, le=10)] = 1
    muted: bool = False


class Playing(ElementBase):
    """What every element that plays a file may say. loop: -1 for ever, n plays (0 reads as 1)."""

    src: str
    seek: Seconds = 0
    loop: Annotated[int, Field(ge=-1, le=100_000)] = 1

    def plays(self) -> int:
        """How often it plays; -1 for ever."""
        return self.loop or 1


class ImageElement(VisualElement):
    type: Literal["image"]
    src: str


class VideoElement(VisualElement, Sounding, Playing):
    type: Literal["video"]


class AudioElement(Sounding, Playing):
    type: Literal["audio"]


class TextElement(VisualElement):
    type: Literal["text"]
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
    style: str = "001"
    settings: dict[str, Any] = Field(default_factory=dict)

    @field_validator("style")
    @classmethod
    def _painted(cls, style: str) -> str:
        if style not in TEXT_STYLES:
            raise ValueError(f"The text style '{style}' is not supported yet")
        return style


Element = Annotated[
    ImageElement | VideoElement | AudioElement | TextElement, Field(discriminator="type")
]
