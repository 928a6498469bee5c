"""The small types that the schema is built from: seconds, colours, flags, places.

Lenient where JSON2Video is: numbers may come as strings, names in any case.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    model_validator,
)

from resplice.core.document.colours import background, hex_colour
from resplice.core.document.limits import MAX_PIXELS, MAX_SECONDS


class Part(BaseModel):
    """A part of a document: immutable, keeps what it does not know, reads JSON's own names.

    A part's docstring says what it is; then, a row for each field, what that does. The JSON Schema
    has its descriptions from there: see schema.descriptions.
    """

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


def _known_start(seconds: float) -> float:
    if seconds == -1 or seconds >= 0:
        return seconds
    raise ValueError("must be -1 (the end of what is before it) or at least 0")


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


def _schema_of_range(*special: int, least: dict[str, float]) -> dict[str, JsonValue]:
    """What JSON Schema has to know of a validator's range."""
    return {"anyOf": [{**least}, {"enum": [*special]}]}


_MORE_THAN_0: dict[str, float] = {"exclusiveMinimum": 0}
COLOUR: dict[str, JsonValue] = {
    "format": "color",
    "pattern": r"^\s*(#[0-9A-Fa-f]{3,8}|[A-Za-z]+|(rgb|hsl|RGB|HSL)[aA]?\(.+\))\s*$",
    "examples": ["#1E90FF", "rgb(30, 144, 255)", "dodgerblue"],
}

Seconds = Annotated[float, Field(ge=0, le=MAX_SECONDS)]
Start = Annotated[
    float,
    Field(le=MAX_SECONDS, json_schema_extra=_schema_of_range(-1, least={"minimum": 0})),
    AfterValidator(_known_start),
]
Seek = Annotated[float, Field(ge=-MAX_SECONDS, le=MAX_SECONDS)]
Duration = Annotated[
    float,
    Field(le=MAX_SECONDS, json_schema_extra=_schema_of_range(-2, -1, least=_MORE_THAN_0)),
    AfterValidator(_known_duration),
]
SceneDuration = Annotated[
    float,
    Field(le=MAX_SECONDS, json_schema_extra=_schema_of_range(-1, least=_MORE_THAN_0)),
    AfterValidator(_scene_duration),
]
Pixels = Annotated[int, BeforeValidator(whole), Field(json_schema_extra={"type": "number"})]
Length = Annotated[
    int,
    BeforeValidator(whole),
    Field(
        le=MAX_PIXELS,
        json_schema_extra={"type": "number", **_schema_of_range(-1, least=_MORE_THAN_0)},
    ),
    AfterValidator(_length),
]
Offset = Annotated[Pixels, Field(ge=-MAX_PIXELS, le=MAX_PIXELS)]
Colour = Annotated[str, AfterValidator(hex_colour), Field(json_schema_extra=COLOUR)]
Background = Annotated[str, AfterValidator(background), Field(json_schema_extra=COLOUR)]

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
