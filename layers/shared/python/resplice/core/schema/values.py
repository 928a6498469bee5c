"""The small types that the schema is built from: seconds, colours, flags, places.

Lenient where JSON2Video is: numbers may come as strings, names in any case. Limits are ours;
each bounds what one document can make the machine do.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

MAX_SECONDS = 3 * 3600
MAX_PIXELS = 8192
MAX_TEXT_CHARS = 20_000

NAMED_COLOURS = {
    "black": "#000000",
    "silver": "#c0c0c0",
    "gray": "#808080",
    "grey": "#808080",
    "white": "#ffffff",
    "maroon": "#800000",
    "red": "#ff0000",
    "purple": "#800080",
    "fuchsia": "#ff00ff",
    "magenta": "#ff00ff",
    "green": "#008000",
    "lime": "#00ff00",
    "olive": "#808000",
    "yellow": "#ffff00",
    "navy": "#000080",
    "blue": "#0000ff",
    "teal": "#008080",
    "aqua": "#00ffff",
    "cyan": "#00ffff",
    "orange": "#ffa500",
    "pink": "#ffc0cb",
    "brown": "#a52a2a",
    "gold": "#ffd700",
}


class Part(BaseModel):
    """A part of a document: immutable, keeps what it does not know, reads JSON's own names."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        defer_build=True,
        allow_inf_nan=False,
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"),
        coerce_numbers_to_str=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        """null is as good as missing, here as in keys."""
        if isinstance(data, dict) and None in data.values():
            return {key: value for key, value in data.items() if value is not None}
        return data


def _known_duration(seconds: float) -> float:
    if seconds in (-1, -2) or seconds > 0:
        return seconds
    raise ValueError("must be -1 (its own length), -2 (its container's length) or more than 0")


def _scene_duration(seconds: float) -> float:
    if seconds == -1 or seconds > 0:
        return seconds
    raise ValueError("must be -1 (as long as its elements) or more than 0")


def _length(pixels: int) -> int:
    if pixels == -1 or pixels > 0:
        return pixels
    raise ValueError("must be -1 (automatic) or more than 0")


def hex_colour(value: str) -> str:
    """`#rrggbb`, lower case, from #rgb, #rrggbb, rgb(r, g, b) or a common colour name.

    Raises ValueError for anything else.
    """
    text = value.strip().lower()
    if text in NAMED_COLOURS:
        return NAMED_COLOURS[text]
    if re.fullmatch(r"#[0-9a-f]{3}", text):
        return "#" + "".join(digit * 2 for digit in text[1:])
    if re.fullmatch(r"#[0-9a-f]{6}", text):
        return text
    if parts := re.fullmatch(r"rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)", text):
        levels = [int(part) for part in parts.groups()]
        if max(levels) <= 255:
            return "#" + "".join(f"{level:02x}" for level in levels)
    raise ValueError("must be a colour like #1E90FF")


def _background(value: str) -> str:
    return "transparent" if value.strip().lower() == "transparent" else hex_colour(value)


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _whole(value: Any) -> Any:
    """Pixels may come as 640.0 or as 640.4: the nearest whole pixel is meant."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value
    return round(value) if isinstance(value, float) and abs(value) < 1e9 else value


Seconds = Annotated[float, Field(ge=0, le=MAX_SECONDS)]
Duration = Annotated[float, Field(le=MAX_SECONDS), AfterValidator(_known_duration)]
SceneDuration = Annotated[float, Field(le=MAX_SECONDS), AfterValidator(_scene_duration)]
Length = Annotated[int, BeforeValidator(_whole), Field(le=MAX_PIXELS), AfterValidator(_length)]
Offset = Annotated[int, BeforeValidator(_whole), Field(ge=-MAX_PIXELS, le=MAX_PIXELS)]
Colour = Annotated[str, AfterValidator(hex_colour)]
Background = Annotated[str, AfterValidator(_background)]

Position = Annotated[
    Literal[
        "custom",
        "top-left",
        "top-center",
        "top-right",
        "center-left",
        "center-center",
        "center-right",
        "bottom-left",
        "bottom-center",
        "bottom-right",
    ],
    BeforeValidator(_lower),
]
Resize = Annotated[Literal["cover", "fill", "fit", "contain"], BeforeValidator(_lower)]
Pan = Annotated[
    Literal[
        "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"
    ],
    BeforeValidator(_lower),
]
