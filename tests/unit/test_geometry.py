"""Where and how large a picture is drawn: presets, sides left open, resize modes, travel."""

from __future__ import annotations

from dataclasses import replace

import pytest
from resplice.core.composition import Box, Canvas, Look
from resplice.core.geometry import (
    MAX_SIDE,
    Placing,
    Travel,
    corner,
    oversize,
    placed,
    scaled,
    travelling,
)
from resplice.core.motion import Motion

CANVAS = Canvas(200, 100, 25)
BARE = Look(scaled=(1, 1), size=(1, 1), x=0, y=0)
PHOTO = (80, 40)


def placing(
    position: str = "custom",
    x: int = 0,
    y: int = 0,
    size: tuple[int, int] = (-1, -1),
    resize: str | None = None,
) -> Placing:
    return Placing(position, x, y, size, resize)


def travel(zoom: float = 0, pan: str | None = None, pan_crop: bool = True) -> Travel:
    return Travel(zoom, pan, 0.1, pan_crop)


@pytest.mark.parametrize(
    ("position", "at"),
    [
        ("custom", (3, 4)),
        ("top-left", (13, 9)),
        ("top-center", (63, 9)),
        ("center-center", (63, 34)),
        ("bottom-right", (113, 59)),
    ],
)
def test_presets_keep_a_gap_and_take_offsets(position: str, at: tuple[int, int]) -> None:
    assert corner(placing(position, 3, 4), PHOTO, CANVAS) == at


@pytest.mark.parametrize(
    ("size", "drawn"),
    [((-1, -1), (80, 40)), ((40, -1), (40, 20)), ((-1, 10), (20, 10)), ((30, 30), (30, 30))],
)
def test_a_side_left_open_keeps_the_ratio(size: tuple[int, int], drawn: tuple[int, int]) -> None:
    look = placed(BARE, placing(size=size), PHOTO, CANVAS)
    assert (look.scaled, look.size) == (drawn, drawn)


def test_a_thin_picture_keeps_a_pixel() -> None:
    assert placed(BARE, placing(size=(2, -1)), (400, 1), CANVAS).size == (2, 1)
    assert scaled((400, 1), 0.01) == (4, 1)


@pytest.mark.parametrize(
    "box",
    [placing(), placing(x=10, y=20, size=(40, 40)), placing("top-right", size=(30, -1))],
)
@pytest.mark.parametrize(
    ("own", "covering", "contained"),
    [
        ((80, 40), Look((200, 100), (200, 100), 0, 0), Look((200, 100), (200, 100), 0, 0)),
        (
            (80, 80),
            Look((200, 200), (200, 100), 0, 0, cut=Box(0, 50, 200, 100)),
            Look((100, 100), (100, 100), 50, 0),
        ),
        (
            (90, 10),
            Look((900, 100), (200, 100), 0, 0, cut=Box(350, 0, 200, 100)),
            Look((200, 22), (200, 22), 0, 39),
        ),
    ],
)
def test_resize_is_of_the_canvas_and_keeps_the_ratio(
    box: Placing, own: tuple[int, int], covering: Look, contained: Look
) -> None:
    """In its middle, whatever size and place are said beside it."""
    for resize, look in (
        *(("cover", covering), ("fill", covering)),
        *(("contain", contained), ("fit", contained)),
    ):
        assert placed(BARE, replace(box, resize=resize), own, CANVAS) == look


def test_what_the_look_has_beside_sizes_stays() -> None:
    dressed = replace(BARE, flip_vertical=True, crop=Box(1, 2, 80, 40))
    for mode in (None, "cover"):
        look = placed(dressed, placing(resize=mode, size=(40, 40)), PHOTO, CANVAS)
        assert (look.flip_vertical, look.crop) == (True, Box(1, 2, 80, 40))


def test_nothing_travels_without_zoom_and_pan() -> None:
    still = placed(BARE, placing(), PHOTO, CANVAS)
    assert travelling(still, travel(), PHOTO, 50) == still


def test_a_zoom_travels_to_its_side_and_back() -> None:
    still = placed(BARE, placing(size=(40, 20)), PHOTO, CANVAS)
    near = travelling(still, travel(zoom=5, pan="top-right"), PHOTO, 50)
    assert near.motion == Motion(1.0, 1.5, 1.0, 1.0, 0.0, 0.0, 50)
    assert near.scaled == (60, 30), "the pixels that the closest view needs, of those there are"
    far = travelling(still, travel(zoom=-5), PHOTO, 50)
    assert far.motion == Motion(1.5, 1.0, 0.5, 0.5, 0.5, 0.5, 50)
    own = placed(BARE, placing(), PHOTO, CANVAS)
    assert travelling(own, travel(zoom=5), PHOTO, 50).scaled == PHOTO, "no pixels are made up"


def test_what_is_cut_and_padded_grows_with_the_detail() -> None:
    still = replace(BARE, scaled=(40, 20), cut=Box(2, 0, 36, 20), pad=Box(1, 1, 38, 22))
    near = travelling(still, travel(zoom=5), PHOTO, 50)
    assert (near.cut, near.pad) == (Box(3, 0, 54, 30), Box(2, 2, 57, 33))


def test_a_pan_travels_inside_the_picture_or_takes_a_border() -> None:
    still = placed(BARE, placing(), PHOTO, CANVAS)
    inside = travelling(still, travel(pan="right"), PHOTO, 50)
    assert inside.motion == Motion(1.1, 1.1, 0.0, 1.0, 0.5, 0.5, 50)
    assert inside.pad is None
    border = travelling(still, travel(pan="right", pan_crop=False), PHOTO, 50)
    assert (border.motion, border.pad) == (inside.motion, Box(4, 2, 88, 44))


def test_what_is_too_large_is_told() -> None:
    assert oversize(BARE) is None
    assert oversize(replace(BARE, scaled=(MAX_SIDE + 1, 1))) == (MAX_SIDE + 1, 1)
    assert oversize(replace(BARE, pad=Box(0, 0, 12_000, 12_000))) == (12_000, 12_000)
