"""How visual elements are drawn: crop boxes are cut to what there is, masks play on."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.composition import Box, Canvas, ChromaKey, Rotation
from resplice.core.elements.image.model import ImageElement
from resplice.core.elements.looks import (
    cropped_in_vain,
    drawn_in_vain,
    dressed,
    file_shown,
    for_ever,
)
from resplice.core.elements.outcome import Passage, Surroundings
from resplice.core.facts import MediaFacts
from warned_lines import plainly

CANVAS, PATH = Canvas(200, 100, 25), ("elements", 0)
STILL = MediaFacts("a" * 64, 9, "image", "png_pipe", 40, 30)
GIF = MediaFacts("b" * 64, 9, "video", "gif", 4, 4, 700_000)


def image(**more: Any) -> ImageElement:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return ImageElement.model_validate({"type": "image", "src": "https://e.com/a", **named})


@pytest.mark.parametrize(
    ("crop", "kept"),
    [
        ({"width": 10, "height": 10, "x": 5, "y": 6}, Box(5, 6, 10, 10)),
        ({"width": 99, "height": 99, "x": 5}, Box(5, 0, 35, 30)),
        ({"width": 99, "height": 99}, None),
        ({"width": 9, "height": 9, "x": 40}, None),
    ],
)
def test_a_crop_box_is_cut_to_the_picture(crop: dict[str, int], kept: Box | None) -> None:
    around = Surroundings(CANVAS, PATH, {PATH: STILL})
    look = file_shown(image(crop=crop), around, 50).look
    assert look.crop == kept
    assert look.size == ((kept.width, kept.height) if kept else (40, 30))


def test_a_crop_box_beside_the_picture_is_warned_of() -> None:
    around = Surroundings(CANVAS, PATH, {PATH: STILL})
    beside = image(crop={"width": 9, "height": 9, "x": 40})
    assert [*plainly(cropped_in_vain(beside, around))] == [
        ".crop lies outside the picture (40x30) and does nothing"
    ]
    assert list(cropped_in_vain(image(crop={"width": 9, "height": 9, "x": 39}), around)) == []
    assert list(cropped_in_vain(image(), around)) == []


@pytest.mark.parametrize(
    ("said", "warned"),
    [
        ({}, False),
        ({"width": 200}, False),
        ({"scale": {"width": 200, "height": 100}}, False),
        ({"position": "center-center"}, False),
        ({"position": "top-left"}, True),
        ({"x": 1}, True),
        ({"height": 99}, True),
        ({"scale": {"height": 9}}, True),
    ],
)
def test_a_box_beside_resize_is_warned_of(said: dict[str, Any], warned: bool) -> None:
    around = Surroundings(CANVAS, PATH, {PATH: STILL})
    assert list(drawn_in_vain(image(**said), around)) == []
    words = ".resize 'fit' fills the canvas from its middle: position, x, y, width and height do"
    told = plainly(drawn_in_vain(image(**said, resize="fit"), around))
    assert [*told] == [f"{words} nothing beside it"] * warned
    beside = image(crop={"width": 9, "height": 9, "x": 40})
    assert len(list(drawn_in_vain(beside, around))) == 1


def test_a_mask_plays_for_ever_when_it_moves() -> None:
    masked = image(mask="https://e.com/m")
    for mask, plays in ((STILL, None), (GIF, Passage(0, 700_000, -1, on_frames=True))):
        shown = file_shown(
            masked, Surroundings(CANVAS, PATH, {PATH: STILL, (*PATH, "mask"): mask}), 50
        )
        assert shown.mask and shown.mask.digests == {mask.digest}
        assert shown.mask_plays == plays == for_ever(mask)
    assert file_shown(masked, Surroundings(CANVAS, PATH, {PATH: STILL}), 50).mask is None


def test_a_turn_through_nothing_is_none() -> None:
    assert dressed(image(rotate={"speed": 2}), CANVAS).rotation is None
    turn = dressed(image(rotate={"angle": 90, "speed": 2}), CANVAS).rotation
    assert turn == Rotation(90, turn_frames=50)


def test_a_key_is_the_documents() -> None:
    look = dressed(image(chroma_key={"color": "lime"}, flip_vertical=True), CANVAS)
    assert look.chroma_key == ChromaKey("#00ff00", 25)
    assert (look.flip_horizontal, look.flip_vertical) == (False, True)
