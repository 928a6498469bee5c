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

_NUMBER = r"([+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}))"
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})([0-9a-f]{1,2})?")
_CALL = re.compile(
    rf"(rgb|hsl)a?\(\s*{_NUMBER}(%|deg)?[\s,]+{_NUMBER}(%?)[\s,]+{_NUMBER}(%?)"
    rf"(?:[\s,/]+{_NUMBER}%?)?\s*\)"
)


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
    """`#rrggbb`, lower case, from a CSS name, hex digits, rgb() or hsl(); alpha is left out.

    Raises ValueError for anything else.
    """
    text = value.strip().lower()
    if parts := _HEX.fullmatch(text):
        digits, alpha = parts[1], parts[2] or ""
        if len(digits) == 3 and len(alpha) < 2:
            return "#" + "".join(digit * 2 for digit in digits)
        if len(digits) == 6 and len(alpha) != 1:
            return f"#{digits}"
    levels = _levels(text)
    if levels and all(0 <= level <= 255 for level in levels):
        return "#" + "".join(f"{level:02x}" for level in levels)
    raise ValueError("must be a colour like #1E90FF, rgb(30, 144, 255) or dodgerblue")


def _levels(text: str) -> tuple[int, ...]:
    """Red, green and blue of a name, rgb() or hsl(); nothing when it is none of them."""
    from PIL import ImageColor  # Late: most documents spell their colours in hex digits.

    if text in ImageColor.colormap:
        return ImageColor.getrgb(text)[:3]
    if not (parts := _CALL.fullmatch(text)):
        return ()
    numbers = [float(parts[place]) for place in (2, 4, 6)]
    if parts[1] == "hsl":
        hue, saturation, light = numbers[0] % 360, *(max(0, min(100, n)) for n in numbers[1:])
        return ImageColor.getrgb(f"hsl({hue:f},{saturation:f}%,{light:f}%)")[:3]
    units = [parts[place] for place in (3, 5, 7)]
    return tuple(
        round(number * 255 / 100 if unit == "%" else number)
        for number, unit in zip(numbers, units, strict=True)
    )


def _background(value: str) -> str:
    text = value.strip().lower()
    if text == "transparent":
        return text
    colour = hex_colour(text)
    hexed, call = _HEX.fullmatch(text), _CALL.fullmatch(text)
    alpha = hexed[2] if hexed else call[8] if call else None
    return "transparent" if alpha and not alpha.strip("+-0.") else colour


def lower(value: Any) -> Any:
    """A name may come in any case."""
    return value.strip().lower() if isinstance(value, str) else value


def whole(value: Any) -> Any:
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
Length = Annotated[int, BeforeValidator(whole), Field(le=MAX_PIXELS), AfterValidator(_length)]
Offset = Annotated[int, BeforeValidator(whole), Field(ge=-MAX_PIXELS, le=MAX_PIXELS)]
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
    BeforeValidator(lower),
]
Resize = Annotated[Literal["cover", "fill", "fit", "contain"], BeforeValidator(lower)]
Pan = Annotated[
    Literal[
        "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"
    ],
    BeforeValidator(lower),
]
