"""Audiograms: their box, what of it is drawn, and what they may say."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from resplice.core.composition import Box, Canvas, FilePicture, Look, WaveformPicture
from resplice.core.elements.audiogram.model import AudiogramElement
from resplice.core.elements.audiogram.shown import EDGE_PIXELS, in_vain, shown
from resplice.core.elements.files import MASK
from resplice.core.elements.outcome import Surroundings
from resplice.core.facts import MediaFacts
from warned_lines import plain, plainly

CANVAS = Canvas(200, 100, 25)
PATH = ("elements", 0)
BARE = Surroundings(CANVAS, PATH, {})
FADING = MediaFacts("a" * 64, 9, "image", "png_pipe", 40, 10)


def audiogram(**more: Any) -> AudiogramElement:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return AudiogramElement.model_validate({"type": "audiogram", **named})


def drawn(around: Surroundings = BARE, **more: Any) -> tuple[WaveformPicture, Look]:
    made = shown(audiogram(**more), around, 50)
    assert isinstance(made.picture, WaveformPicture)
    return made.picture, made.look


def test_it_is_half_white_and_half_high_and_as_long_as_its_scene() -> None:
    plain = audiogram()
    assert (plain.color, plain.opacity, plain.amplitude, plain.duration) == ("#ffffff", 0.5, 5, -2)
    wave, _ = drawn()
    assert (wave.width, wave.reach, wave.opacity, wave.sounds) == (200, 25, 0.5, ())
    assert drawn(color="green")[0].colour == "#008000"


@pytest.mark.parametrize(
    "wrong",
    [
        {"opacity": 1.1},
        {"opacity": -1},
        {"amplitude": 11},
        {"amplitude": -1},
        {"color": "greenish"},
    ],
)
def test_what_is_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        audiogram(**wrong)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({}, (0, 0, 200, 100)),
        ({"height": 40, "y": 7}, (0, 7, 200, 40)),
        ({"position": "bottom-center", "height": 40}, (0, 55, 200, 40)),
        ({"position": "center-right", "width": 60, "x": -3}, (127, 0, 60, 100)),
        ({"position": "top-left", "width": 60, "height": 40}, (10, 5, 60, 40)),
        ({"width": 300, "height": 41, "x": -9, "y": -5}, (-9, -5, 300, 41)),
    ],
)
def test_an_open_side_is_the_canvas(said: dict[str, Any], place: tuple[int, ...]) -> None:
    _, look = drawn(**said, amplitude=10)
    assert (look.x, look.y, *look.size) == place


@pytest.mark.parametrize(("amplitude", "rows"), [(0, 4), (1, 14), (5, 54), (10, 100)])
@pytest.mark.parametrize("odd", [0, 1])
def test_only_rows_that_the_wave_can_reach_are_drawn(amplitude: int, rows: int, odd: int) -> None:
    wave, look = drawn(amplitude=amplitude, height=100 + odd)
    assert wave.size == look.size == look.scaled
    assert wave.height >= min(2 * wave.reach + 2 * EDGE_PIXELS, 100)
    assert rows <= wave.height <= rows + 4
    assert 2 * look.y + look.size[1] == 100 + odd, "about the middle of its box"
    assert look.y % 2 == 0, "as overlaid pictures are"


@pytest.mark.parametrize("said", [{"zoom": 3}, {"pan": "left"}])
def test_what_travels_is_the_whole_box(said: dict[str, Any]) -> None:
    wave, look = drawn(**said, height=60, y=9)
    assert (wave.size, look.size, look.y) == ((200, 60), (200, 60), 9)
    assert look.motion is not None


def test_a_mask_lies_over_the_whole_box() -> None:
    around = Surroundings(CANVAS, PATH, {(*PATH, *MASK.place): FADING})
    made = shown(audiogram(mask="https://e.com/a", height=60), around, 50)
    assert made.picture.size == made.look.size == (200, 60)
    assert isinstance(made.mask, FilePicture)


def test_a_crop_is_of_the_box_and_drawn_like_any_picture() -> None:
    crop = {"width": 500, "height": 20, "x": 150, "y": 30}
    wave, look = drawn(crop=crop, x=4)
    assert wave.size == (200, 100)
    assert (look.crop, look.size, look.x) == (Box(150, 30, 50, 20), (50, 20), 4)
    _, stretched = drawn(crop={"width": 50, "height": 20}, width=100, height=40)
    assert stretched.size == (100, 40)
    _, outside = drawn(crop={"width": 5, "height": 5, "x": 900})
    assert (outside.crop, outside.size) == (None, (200, 100))


def test_what_is_never_seen_is_said() -> None:
    assert list(in_vain(audiogram(), BARE)) == []
    assert plainly(in_vain(audiogram(opacity=0), BARE)) == (".opacity is 0: it is never seen",)
    (words,) = in_vain(audiogram(amplitude=0), BARE)
    assert plain(words) == ".amplitude is 0: it is a line, whatever is heard"
