"""The small types of the schema: lenient where JSON2Video is, with limits."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from resplice.core.document.limits import MAX_PIXELS, MAX_SECONDS
from resplice.core.document.values import (
    Background,
    Colour,
    Duration,
    Length,
    Offset,
    Part,
    Position,
    SceneDuration,
    Seconds,
    Seek,
    Start,
)


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        (Seconds, "1.5", 1.5),
        (Seconds, MAX_SECONDS, MAX_SECONDS),
        (Duration, -2, -2),
        (Duration, "-1", -1),
        (Start, "2.5", 2.5),
        (Start, -1.0, -1),
        (Seek, "-3", -3),
        (SceneDuration, -1, -1),
        (Length, "640.4", 640),
        (Length, -1, -1),
        (Offset, -MAX_PIXELS, -MAX_PIXELS),
        (Colour, "Navy", "#000080"),
        (Background, "rgba(0,0,0,0)", "transparent"),
        (Position, " Top-Left ", "top-left"),
    ],
)
def test_read(kind: Any, given: Any, read: Any) -> None:
    assert TypeAdapter(kind).validate_python(given) == read


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Seconds, -1),
        (Seconds, MAX_SECONDS + 1),
        (Seconds, float("inf")),
        (Duration, 0),
        (Duration, -1.5),
        (Start, -2),
        (Start, -0.5),
        (Start, MAX_SECONDS + 1),
        (Seek, -MAX_SECONDS - 1),
        (SceneDuration, -2),
        (Length, 0),
        (Length, MAX_PIXELS + 1),
        (Offset, "left"),
        (Colour, "transparent"),
        (Position, "middle"),
    ],
)
def test_refused(kind: Any, given: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(given)


class Point(Part):
    x_place: int = 3
    name: str = ""


def test_a_part_keeps_what_it_does_not_know_and_takes_null_for_missing() -> None:
    point = Point.model_validate({"x-place": None, "name": 5, "y": 1})
    assert (point.x_place, point.name, point.model_extra) == (3, "5", {"y": 1})
    with pytest.raises(ValidationError):
        point.name = "other"
