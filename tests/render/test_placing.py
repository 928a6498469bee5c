"""Where pictures lie on the canvas and how large: read from the pixels of rendered frames."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from footage import BLUE, GREEN, QUARTERS, RED, WHITE
from numpy.typing import NDArray
from resplice.errors import DocumentError, Problem
from stage import Document, Stage, extent, image, near, shot, video

Picture = NDArray[np.int16]
W, H = 160, 90


def corners(picture: Picture, box: tuple[int, int, int, int]) -> list[Picture]:
    """The colours at the middles of the four quarters of a box."""
    left, top, right, bottom = box
    across = [left + (right - left) * part // 4 for part in (1, 3)]
    down = [top + (bottom - top) * part // 4 for part in (1, 3)]
    return [picture[y, x] for y in down for x in across]


def shows(picture: Picture, box: tuple[int, int, int, int], colours: object = QUARTERS) -> bool:
    """Whether the quarters fill exactly this box of a black canvas, in these colours."""
    return extent(picture) == box and near(corners(picture, box), colours, 4)


@pytest.mark.parametrize("size", [(160, 90), (52, 50), (161, 91)])
def test_the_ground_has_the_colour_that_was_asked_for(stage: Stage, size: tuple[int, int]) -> None:
    colours = ["#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#1e90ff", "#808080"]
    wanted = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours]
    scenes = [shot(background_color=colour) for colour in colours]
    seen = stage.stills(*scenes, width=size[0], height=size[1])
    assert seen.shape == (7, size[1] // 2 * 2, size[0] // 2 * 2, 3)
    for picture, colour in zip(seen, wanted, strict=True):
        assert near(picture, colour), (picture[0, 0], colour)


PLACED: dict[str, tuple[Document, tuple[int, int, int, int]]] = {
    "natural size": ({}, (0, 0, 80, 60)),
    "x and y": ({"x": 20, "y": 10}, (20, 10, 100, 70)),
    "odd x and y": ({"x": 21, "y": 11}, (21, 11, 101, 71)),
    "partly outside": ({"x": -40, "y": -10}, (0, 0, 40, 50)),
    "top-left": ({"position": "top-left"}, (8, 4, 88, 64)),
    "top-center": ({"position": "top-center"}, (40, 4, 120, 64)),
    "top-right": ({"position": "top-right"}, (72, 4, 152, 64)),
    "center-left": ({"position": "center-left"}, (8, 15, 88, 75)),
    "center-center": ({"position": "center-center"}, (40, 15, 120, 75)),
    "center-right": ({"position": "center-right"}, (72, 15, 152, 75)),
    "bottom-left": ({"position": "bottom-left"}, (8, 26, 88, 86)),
    "bottom-center": ({"position": "bottom-center"}, (40, 26, 120, 86)),
    "bottom-right": ({"position": "bottom-right"}, (72, 26, 152, 86)),
    "a preset and an offset": (
        {"position": "bottom-right", "x": -10, "y": -6},
        (62, 20, 142, 80),
    ),
    "width": ({"width": 40}, (0, 0, 40, 30)),
    "height": ({"height": 90}, (0, 0, 120, 90)),
    "both, without resize": ({"width": 100, "height": 30}, (0, 0, 100, 30)),
    "2022's scale": ({"scale": {"width": 40, "height": -1}}, (0, 0, 40, 30)),
    "fit": ({"resize": "fit"}, (20, 0, 140, 90)),
    "contain, whatever box is said": (
        {"resize": "contain", "width": 40, "height": 60, "x": 10, "y": 6},
        (20, 0, 140, 90),
    ),
    "contain at a preset": (
        {"resize": "contain", "width": 40, "height": 60, "position": "center-right"},
        (20, 0, 140, 90),
    ),
    "null and numbers in quotes": (
        {"width": "40", "height": None, "x": "10", "y": "6.2", "z-index": "1"},
        (10, 6, 50, 36),
    ),
}


def test_pictures_lie_where_they_should(stage: Stage) -> None:
    source = stage.footage.quarters()
    seen = stage.stills(*(shot(image(source) | said) for said, _ in PLACED.values()))
    for (name, (_, box)), picture in zip(PLACED.items(), seen, strict=True):
        within = extent(picture)
        assert near(within, box, 1), (name, within, box)
        if name != "partly outside":
            assert near(corners(picture, box), QUARTERS, 4), name


@pytest.mark.parametrize("resize", ["cover", "fill"])
def test_what_covers_the_canvas_keeps_its_ratio_and_is_cut_evenly(
    stage: Stage, resize: str
) -> None:
    """80x60 becomes 160x120, of which 15 rows are cut above and below, whatever box is said."""
    blocks = np.zeros((60, 80, 3), np.uint8)
    blocks[20:40, 30:50] = 255
    source = stage.footage.array("blocks", blocks)
    whole, boxed = stage.stills(
        shot(image(stage.footage.quarters(), resize=resize)),
        shot(image(source, resize=resize, width=30, height=60, x=10, y=20, position="top-left")),
    )
    assert shows(whole, (0, 0, 160, 90))
    assert near(whole[[41, 41, 48, 48], [76, 83, 76, 83]], QUARTERS, 40)
    assert near(extent(boxed, 128), (60, 25, 100, 65), 1), "twice as large, both ways"


def test_crop_keeps_its_box(stage: Stage) -> None:
    source = stage.footage.quarters()
    inner, over, scaled = stage.stills(
        shot(image(source, crop={"width": 40, "height": 30, "x": 20, "y": 15})),
        shot(image(source, crop={"width": 400, "height": 300, "x": 40, "y": 0})),
        shot(image(source, crop={"width": 20, "height": 30, "x": 60}, width=40)),
    )
    assert shows(inner, (0, 0, 40, 30))
    assert shows(over, (0, 0, 40, 60), [GREEN, GREEN, WHITE, WHITE])
    assert extent(scaled) == (0, 0, 40, 60)
    assert near(corners(scaled, (0, 0, 40, 60)), [GREEN] * 4, 4)


def test_a_crop_of_stretched_pixels_counts_shown_pixels(stage: Stage) -> None:
    """80x60 stored, 160x60 shown: the crop box is in what the viewer sees."""
    source = stage.footage.filmed(
        "anamorphic.mp4", "color=red:s=80x60:d=1,drawbox=c=blue:x=40:t=fill", *ANAMORPHIC
    )
    picture = stage.picture(video(source, crop={"width": 80, "height": 60, "x": 60, "y": 0}))
    assert extent(picture) == (0, 0, 80, 60)
    assert near(picture[30, [10, 30, 70]], [(255, 0, 0), (0, 0, 255), (0, 0, 255)], 6)


ANAMORPHIC = ["-vf", "setsar=2", "-colorspace", "bt709", "-pix_fmt", "yuv420p"]


def test_flips(stage: Stage) -> None:
    source = stage.footage.quarters()
    seen = stage.stills(
        shot(image(source, flip_horizontal=True)),
        shot(image(source, flip_vertical=True)),
        shot(image(source, flip_horizontal=True, flip_vertical=True)),
    )
    box = (0, 0, 80, 60)
    assert shows(seen[0], box, [GREEN, RED, WHITE, BLUE])
    assert shows(seen[1], box, [BLUE, WHITE, RED, GREEN])
    assert shows(seen[2], box, [WHITE, BLUE, GREEN, RED])


def test_rotation_is_clockwise_about_the_middle(stage: Stage) -> None:
    source = stage.footage.quarters()
    seen = stage.stills(
        *(
            shot(image(source, x=40, y=15, rotate={"angle": angle}))
            for angle in (90, -90, 180, 360, 45)
        )
    )
    upright, lying = (40, 15, 120, 75), (50, 5, 110, 85)
    assert near(extent(seen[0]), lying, 1)
    assert near(corners(seen[0], lying), [BLUE, RED, WHITE, GREEN], 4)
    assert near(corners(seen[1], lying), [GREEN, WHITE, RED, BLUE], 4)
    assert near(corners(seen[2], upright), [WHITE, BLUE, GREEN, RED], 4)
    assert near(corners(seen[3], upright), QUARTERS, 4)
    diamond = [seen[4][45 + dy, 80 + dx] for dx, dy in ((0, -20), (20, 0), (-20, 0), (0, 20))]
    assert near(diamond, [RED, GREEN, BLUE, WHITE], 4)
    assert near(seen[4][[2, 2, 87, 87], [2, 157, 2, 157]], 0)


def test_a_timed_rotation_turns_through_its_angle_in_its_time(stage: Stage) -> None:
    turning = image(stage.footage.quarters(), x=40, y=15, rotate={"angle": 180, "speed": 2})
    seen = stage.frames(movie(shot(turning, duration=3), fps=4))
    places = [(65, 30), (95, 30), (65, 60), (95, 60)]

    def turned(frame: int) -> list[Picture]:
        return [seen[frame][y, x] for x, y in places]

    assert near(turned(0), QUARTERS, 4)
    assert near(turned(4), [BLUE, RED, WHITE, GREEN], 4), "half way: a quarter, clockwise"
    assert near(turned(8), [WHITE, BLUE, GREEN, RED], 4)


def movie(*scenes: Document, **more: object) -> Document:
    return {"width": W, "height": H, "fps": 10, "scenes": list(scenes), **more}


def test_exif_orientation_is_honoured_in_all_eight_ways(stage: Stage) -> None:
    scenes = [shot(image(stage.footage.turned(n), x=10, y=10)) for n in range(1, 9)]
    for orientation, picture in enumerate(stage.stills(*scenes), start=1):
        assert near(extent(picture), (10, 10, 90, 70), 1), orientation
        assert near(corners(picture, (10, 10, 90, 70)), QUARTERS, 8), orientation


@pytest.mark.parametrize("motion", [{"zoom": 1}, {"crop": {"width": 60, "height": 80}}])
def test_exif_orientation_and_what_comes_after(stage: Stage, motion: Document) -> None:
    seen = stage.stills(*(shot(image(stage.footage.turned(n)) | motion) for n in (1, 5, 6, 8)))
    assert near(seen[1:], seen[0], 12)


def test_a_text_lies_in_the_middle_of_its_box_however_it_is_turned(stage: Stage) -> None:
    settings = {"font-size": "20px", "text-shadow": "none"}
    text: Document = {"type": "text", "text": "HH", "settings": settings}
    boxed = text | {"x": 60, "y": 10, "width": 80, "height": 60}
    for more in ({}, {"rotate": {"angle": 90}}, {"flip-horizontal": True}, {"zoom": 1}):
        left, top, right, bottom = extent(stage.picture(boxed | more))
        assert near(((left + right) / 2, (top + bottom) / 2), (100, 40), 2), more
        tall = more.get("rotate") is not None
        assert (right - left > bottom - top) != tall, more
    left, top, right, bottom = extent(stage.picture(text | {"position": "bottom-right"}))
    assert near((right, bottom), (152, 86), 8)


@pytest.mark.parametrize("kind", ["png", "jpg", "webp", "gif", "bmp", "tiff"])
def test_every_kind_of_image(stage: Stage, kind: str) -> None:
    box = (0, 0, 80, 60)
    picture = stage.picture(image(stage.footage.quarters(kind)))
    assert near(extent(picture), box, 1)
    assert near(corners(picture, box), QUARTERS, 8)


@pytest.mark.parametrize("size", [(81, 61), (1, 1), (3, 2), (2, 90)])
def test_odd_sizes_keep_every_pixel(stage: Stage, size: tuple[int, int]) -> None:
    source = stage.footage.colour(255, 255, 255, size)
    picture = stage.picture(image(source, x=10))
    assert extent(picture, 120) == (10, 0, 10 + size[0], size[1])


def test_a_text_grows_and_turns_about_its_own_middle(stage: Stage) -> None:
    """Wherever it stands, uncut and sharp; the middle of its ink stays where it was."""
    text = {"type": "text", "text": "HOH", "position": "bottom-right", "zoom": 5}
    settings = {"font-size": "24px", "font-weight": "700", "text-shadow": "none"}
    scene = {"duration": 1, "elements": [text | {"settings": settings}]}
    frames = stage.frames({"width": 320, "height": 180, "scenes": [scene]})
    first, last = (inked(frame) for frame in (frames[0], frames[-1]))
    for axis in (0, 1):
        assert abs(sum(first[axis]) - sum(last[axis])) <= 3
        grown = (last[axis][1] - last[axis][0]) / (first[axis][1] - first[axis][0])
        assert grown == pytest.approx(1.5, abs=0.12)


def words(text: str, **more: Any) -> Document:
    """A text in the middle of its canvas, white and without a shadow."""
    settings = {"text-shadow": "none", "line-height": "1", **more.pop("settings", {})}
    return {"type": "text", "text": text, "settings": settings, **more}


def test_vw_and_vh_count_the_canvas_of_the_text(stage: Stage) -> None:
    """A capital of Inter is 0.727 of its size high."""
    sizes = (("25vw", {"width": 80}, 20), ("25vw", {}, 40), ("50vh", {"height": 60}, 30))
    for size, box, wanted in sizes:
        picture = stage.picture(words("H", settings={"font-size": size}, **box))
        ((top, bottom), _) = inked(picture)
        assert bottom + 1 - top == pytest.approx(wanted * 0.727, abs=1.5), (size, box)


def test_lines_break_and_entities_are_decoded(stage: Stage) -> None:
    settings = {"font-size": "20px"}
    one, *same = (
        stage.picture(words(text, settings=settings))
        for text in ("H H\nH", "H H<br>H", "H&nbsp;H<br/>H", "&#72; &#x48;<BR />H")
    )
    rows = one.max(axis=(1, 2)) > 128
    assert np.diff(rows.astype(int)).tolist().count(1) == 2, "two lines"
    for picture in same:
        assert near(picture, one, 8)
    bare, marked = (
        inked(stage.picture(words(text, settings=settings))) for text in ("H", "<b>H</b>")
    )
    assert marked[1][1] - marked[1][0] > 3 * (bare[1][1] - bare[1][0]), "it is shown as it is"


def test_a_title_that_is_cut_lingers_as_it_was(stage: Stage) -> None:
    """Style 002 takes 2 s to appear: after 1 s it is half there, and so it stays."""
    title = words("H", settings={"font-size": "60px"}, style="002", duration=1)
    scene = {"elements": [title | {"extra-time": 0.5}]}
    frames = stage.frames({"width": 160, "height": 90, "fps": 10, "scenes": [scene]})
    levels = [int(frame.max()) for frame in frames]
    assert len(levels) == 15
    assert levels[:9] == sorted(levels[:9]) and levels[0] < 20
    assert near(levels[9:], 255 * 9 / 20, 14)


def inked(frame: np.ndarray) -> list[tuple[int, int]]:
    """(first, last) row and column of what is bright."""
    bright = frame.max(axis=2) > 100
    return [(int(where.min()), int(where.max())) for where in np.nonzero(bright)]


@pytest.mark.parametrize(
    ("more", "size"),
    [
        ({"width": 8000}, "8000x8000000"),
        ({"resize": "cover"}, "160x160000"),
    ],
)
def test_pictures_that_would_be_huge_are_refused(stage: Stage, more: Document, size: str) -> None:
    thin = stage.footage.colour(255, 0, 0, (1, 1000))
    with pytest.raises(DocumentError) as refusal:
        stage.picture(image(thin, **more))
    words = f"Scene #1, element #1: It would be drawn {size} pixels large, which is too much"
    assert refusal.value.problems == (Problem("scenes[0].elements[0]", words),)


def test_the_largest_picture_is_drawn(stage: Stage) -> None:
    square = stage.footage.colour(255, 255, 255, (64, 64))
    assert near(stage.picture(image(square, width=8192)), 255)
