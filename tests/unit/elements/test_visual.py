"""What every element that is seen may say, in today's spelling and in that of 2022."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from resplice.core.elements.visual import MAX_ZOOM, VisualElement
from resplice.core.geometry import Placing, Travel


def visual(**said: Any) -> VisualElement:
    return VisualElement.model_validate({"type": "image", **said})


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ({}, (-1, -1)),
        ({"width": 20}, (20, -1)),
        ({"scale": {"width": 20, "height": 30}}, (20, 30)),
        ({"scale": {"width": 20, "height": 30}, "height": 7}, (20, 7)),
    ],
)
def test_the_old_scale_stands_for_sides_that_are_left_open(
    said: dict[str, Any], size: tuple[int, int]
) -> None:
    assert visual(**said).wanted_size() == size == visual(**said).placing().size


def test_no_box_counts_beside_resize() -> None:
    boxed = {"x": 5, "y": 6, "width": 20, "height": 30, "position": "top-left"}
    resized = visual(resize="fill", **boxed)
    assert resized.placing() == Placing("top-left", 0, 0, (-1, -1), "fill")
    assert (resized.wanted_size(), resized.said_size()) == ((-1, -1), (20, 30))
    assert visual(**boxed).placing() == Placing("top-left", 5, 6, (20, 30), None)


def test_too_much_zoom_is_the_most_there_is() -> None:
    assert visual(zoom=100).travel() == Travel(MAX_ZOOM, None, 0.1, pan_crop=True)
    assert visual(zoom=-100).zoom == -MAX_ZOOM
    assert visual(zoom=2.5).zoom == 2.5


@pytest.mark.parametrize(
    "said",
    [
        {"crop": {"width": 0, "height": 5}},
        {"crop": {"width": 5}},
        {"rotate": {"angle": 361}},
        {"correction": {"gamma": 0}},
        {"chroma-key": {"color": "nocolour"}},
        {"pan-distance": 0.6},
    ],
)
def test_what_cannot_be_drawn_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        visual(**said)
