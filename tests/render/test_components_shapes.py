"""Shapes and text boxes on the real browser: what is seen before, while and after they move."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from painted_components import FONTS, Easel, page_of
from PIL import Image, ImageSequence
from resplice.adapters.chromium.browser import Chromium
from resplice.adapters.chromium.installed import find_chromium
from resplice.ports.browser import Animated
from stage import near

Picture = NDArray[np.int16]
RED, LIME, BLUE, WHITE, YELLOW, BLACK = (
    (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255), (255, 255, 255, 255),
    (255, 255, 0, 255), (0, 0, 0, 255),
)  # fmt: skip
NOTHING = (0, 0, 0, 0)
PHOTO = "https://e.com/photo.png"
LINEAR = {"duration": 1000, "easing": "linear"}


@pytest.fixture(scope="module")
def stepper() -> Iterator[Chromium]:
    """A browser of its own: one that has been an easel keeps its tabs, which set moments."""
    chromium = Chromium(find_chromium, FONTS)
    yield chromium
    chromium.close()


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Red on the left, blue on the right."""
    path = tmp_path_factory.mktemp("files") / "photo.png"
    picture = Image.new("RGB", (400, 200), RED[:3])
    picture.paste(BLUE[:3], (200, 0, 400, 200))
    picture.save(path)
    return {PHOTO: path}


class Wall:
    """Components hung on a wall of 400 x 200."""

    def __init__(self, shown: Easel, files: Mapping[str, Path]) -> None:
        self._shown, self._files = shown, files

    def at(self, name: str, ms: float, **settings: Any) -> Picture:
        picture = self._shown.at(name, ms, settings, 400, 200, self._files)
        return np.asarray(picture).astype(np.int16)


@pytest.fixture
def wall(shown: Easel, photo: Mapping[str, Path]) -> Wall:
    return Wall(shown, photo)


def colour(picture: Picture, x: int, y: int) -> tuple[int, ...]:
    return tuple(int(part) for part in picture[y, x])


def box(picture: Picture) -> tuple[int, int, int, int]:
    """left, top, right, bottom of the ink."""
    rows, columns = np.nonzero(picture[..., 3] > 128)
    if not len(rows):
        return (0, 0, 0, 0)
    return (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


STEPPED: Mapping[str, Mapping[str, Any]] = {
    "shape/rectangle": {"rectangle1": {"width": 100, "background": "red", "animate": {
        "left": 300, "rotate": "90deg", "background": "blue", **LINEAR}}},
    "shape/polygon": {"polygon1": {"points": "0,0 50,0 0,100", "animate": {
        "points": "50,0 100,0 100,100 50,100", "fill": "red", **LINEAR}}},
    "shape/html": {"html1": {"html": "<b>HH</b>", "font-size": 60, "color": "red", "animate": {
        "left": 200, "opacity": 0.5, **LINEAR}}},
    "shape/3dbox": {"front": {"background": "red"}, "right": {"background": "blue"},
        "destination": {"rotateY": -60, "left": "70%", **LINEAR}},
    "shape/cutout": {"background": {"background": "red"}, "cutout": {"stroke": "lime", "rx": 10,
        "animate": {"cx": 300, "rx": 90, "stroke": "blue", **LINEAR}}},
    "textbox/simple": {"textbox1": {"text": "HH", "font-size": 60, "background": "red", "animate": {
        "left": 200, "top": 50, "background": "blue", **LINEAR}}},
}  # fmt: skip


@pytest.mark.parametrize("name", STEPPED)
def test_a_movie_shows_what_each_moment_is(wall: Wall, stepper: Chromium, name: str) -> None:
    """Frames are stepped for a movie otherwise than moments are set here."""
    made = stepper.animate(page_of(name, STEPPED[name], 400, 200), 10)
    assert isinstance(made, Animated) and made.frames == 11
    apng = Image.open(io.BytesIO(made.apng))
    frames = [each.convert("RGBA") for each in ImageSequence.Iterator(apng)]
    for number in (0, 5, 10):
        canvas = Image.new("RGBA", (400, 200))
        canvas.paste(frames[number], (made.x, made.y))
        aside = np.abs(np.asarray(canvas) - wall.at(name, number * 100, **STEPPED[name])).max(
            axis=2
        )
        assert (aside > 40).mean() < 0.01, number


# Rectangles


def test_a_rectangle_goes_from_its_own_place_to_where_it_is_told(wall: Wall) -> None:
    one = {"left": "0%", "top": "25%", "width": "25%", "height": 100, "background": "red"}
    moved = {**one, "animate": {**LINEAR, "left": "75%", "background": "blue", "delay": 500}}
    seen = [wall.at("shape/rectangle", ms, rectangle1=moved) for ms in (400, 1000, 5000)]
    assert [box(each) for each in seen] == [
        (0, 50, 100, 150), (150, 50, 250, 150), (300, 50, 400, 150),
    ]  # fmt: skip
    assert colour(seen[0], 50, 100) == RED and colour(seen[2], 350, 100) == BLUE
    assert near(seen[1][100, 200], (128, 0, 128, 255), within=3)


def test_every_number_of_a_rectangle_moves(wall: Wall) -> None:
    square = {"left": 100, "top": 50, "width": 100, "height": 100, "background": "red"}

    def late(**targets: Any) -> Picture:
        return wall.at("shape/rectangle", 2000, rectangle3={**square, "animate": targets})

    assert box(late(top="0%")) == (100, 0, 200, 100)
    assert box(late(width="50vw", height="20px")) == (100, 50, 300, 70)
    assert colour(late(**{"border-radius": "50%"}), 104, 54) == NOTHING
    assert near(colour(late(opacity=0.5), 150, 100)[3], 128)
    turned = late(rotate="45deg")
    assert colour(turned, 104, 54) == NOTHING and colour(turned, 150, 35) == RED
    assert colour(late(), 150, 100) == colour(late(width=None), 150, 100) == RED


def test_a_rectangle_has_a_ground_a_border_round_corners_and_a_shadow(wall: Wall) -> None:
    place = {"left": 100, "top": 50, "width": 100, "height": 100}
    round_one = {**place, "border-radius": "50%", "border": "10px solid lime"}
    for ground in ({"background-image": PHOTO}, {"background-image": f"url('{PHOTO}')"}):
        said = {**round_one, **ground, "background-size": "cover", "background-position": "0 0"}
        seen = wall.at("shape/rectangle", 0, rectangle1=said)
        assert colour(seen, 102, 52) == NOTHING and colour(seen, 150, 100) == RED
        assert colour(seen, 105, 100) == LIME
    gradient = "linear-gradient(90deg, red 50%, blue 50%)"
    seen = wall.at("shape/rectangle", 0, rectangle1={**place, "background": gradient})
    assert colour(seen, 149, 100) == RED and colour(seen, 151, 100) == BLUE
    shadow = {**place, "background": "red", "box-shadow": "100px 0 0 0 blue"}
    assert colour(wall.at("shape/rectangle", 0, rectangle1=shadow), 250, 100) == BLUE


def test_a_size_that_is_left_out_reaches_to_the_edge(wall: Wall) -> None:
    seen = wall.at("shape/rectangle", 0, rectangle1={"left": "25%", "background": "red"})
    assert box(seen) == (100, 0, 400, 200)
    seen = wall.at("shape/rectangle", 0, rectangle1={"right": 0, "width": 40, "background": "red"})
    assert box(seen) == (360, 0, 400, 200)


def test_later_rectangles_lie_above(wall: Wall) -> None:
    red, blue = {"background": "red"}, {"left": "50%", "background": "blue"}
    seen = wall.at("shape/rectangle", 0, rectangle10=blue, rectangle2=red)
    assert colour(seen, 100, 100) == RED and colour(seen, 300, 100) == BLUE


@pytest.mark.parametrize(
    "name",
    [
        *(f"shape/{each}" for each in ("rectangle", "polygon", "html", "3dbox", "cutout")),
        "textbox/simple",
    ],
)
def test_what_is_left_out_draws_nothing(wall: Wall, name: str) -> None:
    assert box(wall.at(name, 0)) == (0, 0, 0, 0)


# Polygons


def test_points_count_a_hundred_across_the_box(wall: Wall) -> None:
    half = {"left": "50%", "top": 0, "width": "50%", "height": "100%", "points": "0,0 100,0 0,100"}
    seen = wall.at("shape/polygon", 0, polygon1=half)
    assert colour(seen, 210, 10) == LIME and colour(seen, 290, 90) == LIME
    assert colour(seen, 310, 110) == NOTHING and colour(seen, 190, 10) == NOTHING


def test_a_polygon_changes_form_and_colours_while_its_box_moves(wall: Wall) -> None:
    start = {"left": 0, "top": 0, "width": 100, "height": 100, "points": "0,0 20,0 20,100 0,100"}
    look = {"fill": "red", "stroke": "lime", "stroke-width": 10}
    targets = {"left": 200, "points": "0,0 100,0 100,100 0,100", "fill": "blue", "stroke": "white"}
    said = {**start, **look, "animate": {**targets, **LINEAR}}
    seen = [wall.at("shape/polygon", ms, polygon1=said) for ms in (0, 500, 1000)]
    assert [box(each)[0::2] for each in seen] == [(0, 25), (95, 165), (195, 305)]
    assert colour(seen[0], 10, 50) == RED and colour(seen[0], 22, 50) == LIME
    assert colour(seen[2], 250, 50) == BLUE and colour(seen[2], 302, 50) == WHITE
    assert near(seen[1][50, 130], (128, 0, 128, 255), within=3)


def test_forms_of_unlike_corners_grow_into_each_other(wall: Wall) -> None:
    said = {"points": "0,0 100,0 100,100 0,100", "animate": {"points": "0,0 100,0 0,100", **LINEAR}}
    amounts = [
        int((wall.at("shape/polygon", ms, polygon1=said)[..., 3] > 128).sum()) / 80_000
        for ms in (0, 250, 500, 750, 1000)
    ]
    assert amounts[0] == 1 and abs(amounts[-1] - 0.5) < 0.01
    steps = np.diff(amounts)
    assert all(-0.2 < step < -0.05 for step in steps), amounts


# HTML


def test_html_and_svg_stand_in_their_boxes(wall: Wall) -> None:
    drawing = "<svg viewBox='0 0 10 10'><rect width='10' height='5' fill='red'/></svg>"
    right = {"left": "50%", "width": "50%", "html": "<div style='background:blue'>&nbsp;</div>"}
    tall = {"font-size": "50px", "align-items": "flex-end"}
    seen = wall.at("shape/html", 0, html1={"width": 100, "html": drawing}, html2={**right, **tall})
    assert box(seen[:, :200]) == (0, 0, 100, 50) and colour(seen, 50, 25) == RED
    assert box(seen[:, 200:]) == (0, 140, 200, 200) and colour(seen, 300, 170) == BLUE


def test_html_moves_turns_and_fades(wall: Wall) -> None:
    start = {"left": 0, "top": 50, "width": 100, "height": 100, "opacity": 0, "html": "<i></i>"}
    moves = {"left": 200, "rotate": "45deg", "opacity": 1, **LINEAR}
    said = {**start, "background": "red", "animate": moves}
    before, while_, after = (wall.at("shape/html", ms, html1=said) for ms in (0, 500, 1000))
    assert box(before) == (0, 0, 0, 0)
    assert near(colour(while_, 150, 100)[3], 128)
    assert colour(after, 250, 100) == RED and colour(after, 204, 54) == NOTHING


def test_styles_of_the_html_move_too(wall: Wall) -> None:
    style = "<style>b{display:block;height:50px;background:red;animation:w 1s linear both}"
    html = style + "@keyframes w{from{width:0}to{width:100%}}</style><b></b>"
    widths = [box(wall.at("shape/html", ms, html1={"html": html}))[2] for ms in (0, 500, 1000)]
    assert widths == [0, 200, 400]


def test_pictures_in_html_are_files_of_the_task(wall: Wall) -> None:
    picture = f"<img src='{PHOTO}' style='width:200px'>"
    ground = f"<div style=\"height:100px;background:url('{PHOTO}')\"></div>"
    seen = wall.at("shape/html", 0, html1={"html": picture}, html2={"left": 200, "html": ground})
    assert colour(seen, 50, 50) == RED and colour(seen, 150, 50) == BLUE
    assert colour(seen, 250, 50) == RED


HOSTILE = (
    "<script>document.body.innerHTML = ''</script>",
    "<img src='data:,' onerror='document.body.remove()'>",
    "<svg onload='document.body.remove()'><script>document.body.remove()</script></svg>",
    "</div></div></div></body></html>",
    "<meta http-equiv='refresh' content='0;url=about:blank'>",
    "<iframe srcdoc='<script>top.document.body.remove()</script>'></iframe>",
    "<iframe src='file:///etc/passwd'></iframe><object data='file:///etc/passwd'></object>",
    "<!-- a comment without end",
    "<plaintext>", "<textarea>", "<title>", "<style>", "<script>", "<template>", "<xmp>",
    "<select>", "<style></div><i>", "<table><tr>",
    "<svg><foreignObject><div>", "<math><mi>", "<svg><style>",
    "<b data-fit-min='-1e308' data-fit-max='1e308'>x</b>",
    "<base href='https://e.com/'><link rel='stylesheet' href='https://e.com/a.css'>",
    "<div" + " a" * 2000, "<div>" * 5000, "&" * 5000, "<![CDATA[", "<!doctype", "<?php",
)  # fmt: skip


def test_no_markup_reaches_what_is_outside_its_box(wall: Wall) -> None:
    """The boxes behind and before each hostile one stand as they would alone."""
    before = {"left": 0, "width": 100, "html": "<div style='background:red'>&nbsp;</div>"}
    after = {"left": 300, "html": "<div style='background:blue;height:50px'></div>"}
    for markup in HOSTILE:
        hostile = {"left": 100, "width": 200, "height": 100, "overflow": "hidden", "html": markup}
        seen = wall.at("shape/html", 0, html1=before, html2=hostile, html3=after)
        assert colour(seen, 50, 5) == RED, markup
        assert box(seen[:, 300:]) == (0, 0, 100, 50) and colour(seen, 350, 25) == BLUE, markup


def test_html_asks_nobody_for_anything(wall: Wall) -> None:
    """A server that listens hears nothing of frames, styles, pictures of pictures."""
    asked = list[bytes]()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        thread = threading.Thread(target=_hear, args=(server, asked))
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        html = (
            f"<iframe src='{url}/a'></iframe><link rel=stylesheet href='{url}/b'>"
            f"<video src='{url}/c' autoplay></video><embed src='{url}/d'>"
            f"<style>@import '{url}/e';</style><img srcset='{url}/f 1x'>"
            f"<iframe src='data:text/html,%3Cimg src={url}/g%3E'></iframe>"
            f"<form action='{url}/h'><input type=image></form><svg><use href='{url}/i#a'/></svg>"
        )
        wall.at("shape/html", 0, html1={"html": html})
        server.close()
        thread.join()
    assert asked == []


def _hear(server: socket.socket, asked: list[bytes]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except TimeoutError:
            continue
        except OSError:
            return
        with connection:
            asked.append(connection.recv(100))


# A box in space

FACES = {
    "front": {"background-color": "red"},
    "back": {"background-color": "blue"},
    "left": {"background-color": "lime"},
    "right": {"background-color": "yellow"},
    "top": {"background-color": "white"},
    "bottom": {"background-color": "black"},
}
SIZE = {"size": {"width": 100, "height": 60, "depth": "40px"}}


@pytest.mark.parametrize(
    ("turned", "face"),
    [
        ({}, RED), ({"rotateY": 180}, BLUE), ({"rotateY": "90deg"}, LIME),
        ({"rotateY": "-0.25turn"}, YELLOW), ({"rotateX": -90}, WHITE), ({"rotateX": "90"}, BLACK),
    ],
)  # fmt: skip
def test_each_face_is_where_it_belongs(wall: Wall, turned: dict[str, Any], face: Any) -> None:
    seen = wall.at("shape/3dbox", 0, **SIZE, **FACES, origin=turned)
    assert colour(seen, 200, 100) == face


def test_a_face_towards_the_viewer_is_as_large_as_its_size(wall: Wall) -> None:
    assert box(wall.at("shape/3dbox", 0, **SIZE, **FACES)) == (150, 70, 250, 130)
    moved = {"zoom": 2, "left": "25%", "top": 100}
    left, top, right, bottom = box(wall.at("shape/3dbox", 0, **SIZE, **FACES, origin=moved))
    assert abs(left - 0) <= 8 and abs(right - 200) <= 8 and abs(bottom - top - 120) <= 16


def test_what_is_near_looks_larger(wall: Wall) -> None:
    """Of a turned box the side that comes to the viewer is higher than the one that goes away."""
    seen = wall.at("shape/3dbox", 0, **SIZE, **FACES, origin={"rotateY": -35})
    ink = seen[..., 3] > 128
    heights = [int(column.sum()) for column in ink.T if column.any()]
    middle = max(range(len(heights)), key=heights.__getitem__)
    assert heights[middle] > heights[0] + 2 and heights[middle] > heights[-1] + 1
    assert colour(seen, 190, 100) == RED and YELLOW in {tuple(each) for each in seen[100]}


def test_a_box_travels_from_its_origin_to_its_destination(wall: Wall) -> None:
    way = {"origin": {"left": "25%", "rotateY": 180}, "destination": {"left": "75%", "delay": 500}}
    way["destination"] |= LINEAR
    before, while_, after = (
        wall.at("shape/3dbox", ms, **SIZE, **FACES, **way) for ms in (400, 1000, 5000)
    )
    assert colour(before, 100, 100) == BLUE and colour(before, 300, 100) == NOTHING
    assert colour(after, 300, 100) == RED and colour(after, 100, 100) == NOTHING
    left, _, right, _ = box(while_)
    assert 150 < left < right < 250, "seen from its side it is as wide as it is deep"


def test_pictures_cover_faces_and_an_open_side_shows_the_inside(wall: Wall) -> None:
    said = {"front": {"background-image": PHOTO}, "back": FACES["back"]}
    seen = wall.at("shape/3dbox", 0, **SIZE, **said)
    assert colour(seen, 160, 100) == RED and colour(seen, 240, 100) == BLUE
    open_one = wall.at("shape/3dbox", 0, **SIZE, back={"background-color": "lime"})
    assert colour(open_one, 200, 100) == LIME


def test_nothing_shines_through_the_joints(wall: Wall) -> None:
    """Inside is red, outside white: of the red nothing is seen at any angle."""
    white = {name: {"background-color": "white"} for name in FACES}
    for degrees in (10, 37, 63):
        turned = {"rotateX": degrees, "rotateY": degrees, "rotateZ": 7}
        seen = wall.at("shape/3dbox", 0, **SIZE, **white, origin=turned)
        alpha = seen[..., 3]
        inner = np.zeros_like(alpha, dtype=bool)
        rows, columns = np.nonzero(alpha == 255)
        for row in set(rows):
            across = columns[rows == row]
            inner[row, across.min() : across.max()] = True
        assert (alpha[inner] >= 250).all(), degrees


# Cutouts


def test_a_picture_is_seen_through_an_ellipse(wall: Wall) -> None:
    seen = wall.at("shape/cutout", 0, background={"background-image": PHOTO})
    assert box(seen) == (40, 20, 360, 180)
    assert colour(seen, 100, 100) == RED and colour(seen, 300, 100) == BLUE
    assert colour(seen, 50, 30) == NOTHING


@pytest.mark.parametrize(
    ("start", "end", "boxes"),
    [
        (
            {"shape": "circle", "cx": 100, "cy": "50%", "r": 0},
            {"cx": 300, "r": "50px"},
            [(0, 0, 0, 0), (175, 75, 225, 125), (250, 50, 350, 150)],
        ),
        (
            {"cx": 100, "cy": 100, "rx": 100, "ry": 20},
            {"cy": "50%", "rx": 50, "ry": "100px"},
            [(0, 80, 200, 120), (25, 40, 175, 160), (50, 0, 150, 200)],
        ),
        (
            {"shape": "rect", "x": "0%", "y": 0, "width": "25%", "height": 100},
            {"x": "50%", "y": "50%", "width": 200},
            [(0, 0, 100, 100), (100, 50, 250, 150), (200, 100, 400, 200)],
        ),
        (
            {"shape": "polygon", "points": "0,0 50,0 50,100 0,100"},
            {"points": "50,50 100,50 100,100 50,100"},
            [(0, 0, 200, 200), (100, 50, 300, 200), (200, 100, 400, 200)],
        ),
        (
            {"shape": "ellipse", "cx": 100, "cy": 100, "r": 20},
            {"r": 60},
            [(80, 80, 120, 120), (60, 60, 140, 140), (40, 40, 160, 160)],
        ),
    ],
    ids=["circle", "ellipse", "rect", "polygon", "round-ellipse"],
)
def test_the_hole_moves_and_grows(wall: Wall, start: Any, end: Any, boxes: Any) -> None:
    said = {**start, "animate": {**end, **LINEAR}}
    for ms, wanted in zip((0, 500, 1000), boxes, strict=True):
        seen = wall.at("shape/cutout", ms, background={"background": "red"}, cutout=said)
        assert near(box(seen), wanted, within=1), ms


def test_a_line_goes_around_the_hole(wall: Wall) -> None:
    hole = {"shape": "rect", "x": 100, "y": 50, "width": 200, "height": 100}
    line = {"stroke": "lime", "stroke-width": 20}
    said = {**hole, **line, "animate": {"stroke": "blue", "x": 50, **LINEAR}}
    before, after = (
        wall.at("shape/cutout", ms, background={"background": "red"}, cutout=said)
        for ms in (0, 1000)
    )
    assert colour(before, 95, 100) == LIME and colour(before, 105, 100) == LIME
    assert colour(before, 200, 100) == RED and box(before) == (90, 40, 310, 160)
    assert colour(after, 45, 100) == BLUE and box(after) == (40, 40, 260, 160)
    bare = wall.at("shape/cutout", 0, background={"background": "red"}, cutout=hole)
    assert box(bare) == (100, 50, 300, 150)


# Text boxes


def test_a_text_fills_its_box_between_its_bounds(wall: Wall) -> None:
    place = {"left": 100, "top": 50, "width": 200, "height": 100, "font-size": "auto"}

    def ink(**more: Any) -> tuple[int, int, int, int]:
        return box(wall.at("textbox/simple", 0, textbox1={**place, "text": "HHH", **more}))

    free = ink()
    assert free[0] >= 100 and free[2] <= 300 and free[3] <= 150 and free[2] - free[0] > 120
    small = ink(**{"max-font-size": "20px"})
    assert small[3] - small[1] < 20
    long = "Every word of a long text that has to fit is seen, however many there are " * 3
    left, top, right, bottom = ink(text=long)
    assert left >= 100 and top >= 50 and right <= 300 and bottom <= 150
    assert ink(text=long, **{"min-font-size": "30px"})[3] > 150


def test_a_text_stands_where_it_is_told(wall: Wall) -> None:
    place = {"left": 100, "top": 0, "width": 200, "height": 200, "text": "HH", "font-size": 30}

    def ink(**more: Any) -> tuple[int, int, int, int]:
        named = {key.replace("_", "-"): value for key, value in more.items()}
        return box(wall.at("textbox/simple", 0, textbox1={**place, **named}))

    assert ink()[1] < 15 and ink()[0] < 110
    assert ink(vertical_align="bottom")[3] > 185
    centre = ink(vertical_align="center", text_align="center")
    assert near(centre[0] + centre[2], 400, within=4) and near(centre[1] + centre[3], 200, within=8)
    assert ink(text_align="right")[2] > 290
    assert ink(text="שלום")[2] > 290, "Hebrew begins on the right"
    free = ink(left=None, top=None, width=None, height=None, horizontal_align="right")
    assert free[2] > 390 and free[1] < 15


def test_a_text_box_moves_with_all_that_it_is(wall: Wall) -> None:
    start = {"left": 0, "top": 50, "width": 100, "height": 100, "text": " ", "color": "red"}
    moves = {"left": 300, "top": 100, "background": "blue", "opacity": 0.5, **LINEAR}
    said = {**start, "background": "red", "border": "5px solid lime", "animate": moves}
    before, while_, after = (wall.at("textbox/simple", ms, textbox1=said) for ms in (0, 500, 1000))
    assert box(before) == (0, 50, 100, 150) and colour(before, 50, 100) == RED
    assert colour(before, 2, 100) == LIME
    assert box(while_)[0] == 150
    assert colour(after, 350, 150)[2] > 250 and near(colour(after, 350, 150)[3], 128)


def test_a_box_keeps_its_size_on_its_way_into_the_canvas(wall: Wall) -> None:
    start = {"left": "100%", "top": 0, "width": "50%", "text": "HHHH HHHH", "font-size": 20}
    said = {**start, "background": "blue", "animate": {"left": 0, **LINEAR}}
    while_, after = (wall.at("textbox/simple", ms, textbox1=said) for ms in (250, 1000))
    assert box(while_)[3] == box(after)[3] < 50, "one line, as at its end"


def test_a_long_text_stays_in_the_canvas(wall: Wall) -> None:
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmütze"
    for place in ({"left": "50%"}, {"left": "10%", "width": "30%"}, {"right": 0}):
        seen = wall.at("textbox/simple", 0, textbox1={"text": word, "font-size": 24, **place})
        left, _, right, bottom = box(seen)
        assert left >= 0 and right <= 400 and bottom > 50, place


def test_paragraphs_stand_below_each_other(wall: Wall) -> None:
    seen = wall.at("textbox/simple", 0, textbox2=["HH", "<b>HH</b>"])
    one = wall.at("textbox/simple", 0, textbox2="HH")
    assert box(seen)[3] > 2 * box(one)[3] and box(seen)[0] < 10
