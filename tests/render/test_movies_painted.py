"""Movies such as people have, with texts, html and components: what is seen of them, and when.

Pages are laid out by their canvas, so most are rendered smaller and at fewer frames than they say;
those that count pixels are rendered as large as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from footage import BLUE, GREEN, RED, WHITE
from numpy.typing import NDArray
from stage import Document, Stage, decoded, extent, near
from studio import Studio, give, studio
from web_server import Server, serving

FOLDER = Path(__file__).parents[1] / "movies"
SMALL = {"resolution": "custom", "width": 640, "height": 360, "fps": 10}
SLOW = {"fps": 1}
ROOMS = ("front", "kitchen", "bedroom", "living", "backyard")
COLOURS = ((120, 40, 40), (40, 120, 40), (40, 40, 120), (120, 120, 40), (40, 120, 120))
BLACK = (0, 0, 0)
Colour = tuple[int, int, int]
Extent = tuple[int, int, int, int]


class Shown:
    """A movie's frames, by the second."""

    def __init__(self, frames: NDArray[np.int16], fps: int) -> None:
        self._frames, self._fps = frames, fps
        self.seconds = len(frames) / fps
        self.size = frames.shape[2], frames.shape[1]

    def at(self, seconds: float) -> NDArray[np.int16]:
        picture: NDArray[np.int16] = self._frames[int(seconds * self._fps + 1e-6)]
        return picture

    def ink(self, seconds: float, ground: Colour = BLACK, at_least: int = 64) -> Extent:
        """Where it is another than the ground: left, top, right, bottom."""
        return extent(abs(self.at(seconds) - np.array(ground)), at_least)

    def words(self, seconds: float, gap: int, ground: Colour = BLACK) -> list[tuple[int, int]]:
        """(left, right) of each word: of what is apart by as many columns."""
        differs = abs(self.at(seconds) - np.array(ground)).max(axis=(0, 2)) >= 64
        found: list[tuple[int, int]] = []
        for column in map(int, np.flatnonzero(differs)):
            if found and column - found[-1][1] < gap:
                found[-1] = (found[-1][0], column + 1)
            else:
                found.append((column, column + 1))
        return found

    def colour(self, seconds: float, x: int, y: int) -> list[int]:
        """At that place."""
        return [int(level) for level in self.at(seconds)[y, x]]


def shown(stage: Stage, name: str, canvas: Document = SMALL, **files: str) -> Shown:
    """The movie on such a canvas, with files of ours in place of theirs."""
    document: Document = _linked(json.loads((FOLDER / f"{name}.json").read_text()), files) | canvas
    document.pop("exports", None)
    return Shown(stage.frames(document), canvas.get("fps", 25))


def _linked(value: Any, files: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _linked(each, files) for name, each in value.items()}
    if isinstance(value, list):
        return [_linked(each, files) for each in value]
    if isinstance(value, str) and value.startswith("https://cdn"):
        return files[Path(value).stem.replace("-", "_")]
    return value


@pytest.fixture
def rooms(stage: Stage) -> dict[str, str]:
    """Each room in a colour of its own."""
    return {
        f"sample_house_{room}": stage.footage.colour(*colour, (192, 128))
        for room, colour in zip(ROOMS, COLOURS, strict=True)
    }


def middle(ink: Extent) -> tuple[float, float]:
    return (ink[0] + ink[2]) / 2, (ink[1] + ink[3]) / 2


# Texts


def test_a_line_in_the_middle(stage: Stage) -> None:
    movie = shown(stage, "quickstart-text", SLOW)
    assert (movie.size, movie.seconds) == ((1920, 1080), 5)
    for seconds in (0, 2.5, 4.5):
        assert near(middle(movie.ink(seconds)), (960, 540), 8)
        assert 820 < movie.ink(seconds)[2] - movie.ink(seconds)[0] < 920, "22 letters of 77 px"


def test_a_label_over_a_picture(stage: Stage, rooms: dict[str, str]) -> None:
    movie = shown(stage, "image-and-label", SLOW, **rooms)
    assert (movie.size, movie.seconds) == ((1920, 1080), 8)
    for seconds in (0, 4, 7.5):
        assert near(movie.colour(seconds, 180, 120), COLOURS[0], 4)
        assert near(movie.colour(seconds, 204, 140), BLACK, 4), "a picture keeps its own size"
        label = movie.at(seconds).copy()
        label[:140, :204] = 0
        assert near(middle(extent(label)), (960, 540), 8)


def test_a_text_placed_by_hand_lies_in_the_middle_of_its_moved_canvas(stage: Stage) -> None:
    movie = shown(stage, "position-custom", SLOW)
    assert (movie.size, movie.seconds) == ((1920, 1080), 3)
    assert near(middle(movie.ink(0)), (960 + 100, 540 + 50), 8)


def test_the_other_variable_is_what_is_read(stage: Stage) -> None:
    movie = shown(stage, "expression-ternary-text")
    assert movie.seconds == 3
    left, top, right, bottom = movie.ink(1.5)
    assert right - left < 50, "three letters"
    assert bottom - top > 22, "the y of Bye reaches down, Hi has nothing there"


def test_words_of_movie_scene_and_element(stage: Stage) -> None:
    movie = shown(stage, "own-scoped-variables")
    assert movie.seconds == 2
    widths = [right - left for left, right in movie.words(1, 6)]
    assert len(widths) == 3
    assert max(widths[:2]) < 80 < widths[2], "movie, scene and element"


@pytest.mark.parametrize(("name", "seconds"), [("own-unknown-keys", 2), ("webhook-client-data", 3)])
def test_what_is_not_for_the_renderer_does_no_harm(stage: Stage, name: str, seconds: int) -> None:
    movie = shown(stage, name)
    assert movie.seconds == seconds
    assert near(middle(movie.ink(0)), (320, 180), 4)
    assert movie.ink(0) == movie.ink(seconds - 0.1)


def test_rooms_from_a_list_with_their_names_in_the_corner(
    stage: Stage, rooms: dict[str, str]
) -> None:
    canvas = {"resolution": "custom", "width": 960, "height": 540, "fps": 4}
    movie = shown(stage, "iterate-as", canvas, **rooms)
    assert movie.seconds == 18, "five times four, four of them half a second earlier"
    for number, colour in enumerate(COLOURS):
        seconds = 3.5 * number + 2
        assert near(movie.colour(seconds, 20, 20), colour, 4)
        name = movie.at(seconds).copy()
        name[:128, :192] -= np.array(movie.colour(seconds, 20, 20), np.int16)
        left, top, right, bottom = extent(abs(name), 90)
        assert (48 + 60 <= left <= 48 + 66) and (27 + 60 <= top <= 27 + 80), "60 px from the gap"
        assert right < 320 and bottom < 140
    assert not near(movie.colour(3.75, 20, 20), COLOURS[0], 8)
    assert not near(movie.colour(3.75, 20, 20), COLOURS[1], 8)


STEEL = (69, 103, 137)


def test_style_002_fades_in_over_two_seconds(stage: Stage) -> None:
    movie = shown(stage, "text-style-002")
    assert movie.seconds == 5
    assert movie.ink(0, STEEL, 12) == (0, 0, 0, 0)
    (left, top, right, bottom) = movie.ink(2, STEEL)
    assert near(movie.colour(2, *brightest(movie.at(2))), WHITE, 3)
    assert near(movie.colour(1, *brightest(movie.at(2))), (162, 179, 196), 6), "half way"
    assert right - left > 450 and bottom - top > 130, "two lines of 80 px"
    assert movie.ink(4.9, STEEL) == (left, top, right, bottom)


def brightest(picture: NDArray[np.int16]) -> tuple[int, int]:
    """(x, y) of the brightest pixel."""
    row, column = np.unravel_index(picture.sum(axis=2).argmax(), picture.shape[:2])
    return int(column), int(row)


def test_style_004_brings_letter_by_letter_from_the_left(stage: Stage) -> None:
    movie = shown(stage, "text-style-004")
    assert movie.seconds == 5
    inks = [movie.ink(seconds, STEEL) for seconds in (0, 0.1, 0.2, 0.3, 0.5, 4.9)]
    assert inks[0] == (0, 0, 0, 0)
    rights = [ink[2] for ink in inks]
    assert rights == sorted(rights) and rights[1] < 300 < rights[2] < rights[3]
    assert inks[4] == inks[5]
    assert near(middle(inks[5]), (320, 183), 4)
    assert 16 * 23 < inks[5][2] - inks[5][0] < 16 * 25, "sixteen letters, each 24 px wide"


def test_style_006_slides_in_from_the_right_with_its_spaced_letters(stage: Stage) -> None:
    movie = shown(stage, "text-style-006")
    assert movie.seconds == 5
    assert movie.ink(0.5, STEEL, 12) == (0, 0, 0, 0), "half a second nothing"
    first, end = movie.ink(0.6, STEEL), movie.ink(4.9, STEEL)
    assert end[0] + 10 < first[0] < end[0] + 40
    assert movie.ink(2.2, STEEL) == end
    assert 360 < end[2] - end[0] < 400, "of 26 px with 13 between them"


def test_style_008_grows_between_its_lines(stage: Stage) -> None:
    movie = shown(stage, "text-style-008")
    assert movie.seconds == 5
    assert movie.ink(0, STEEL) == (0, 0, 0, 0)
    left, top, right, bottom = movie.ink(4.9, STEEL)
    assert 360 < right - left < 400 and 100 < bottom - top < 120, "64 px of a narrow face"

    def line(seconds: float, y: int) -> Extent:
        return extent(abs(movie.at(seconds)[y : y + 2] - np.array(STEEL)), 64)

    upper, lower = line(0.2, top), line(0.2, bottom - 2)
    assert near((upper[0], lower[2]), (left, right), 2)
    assert upper[2] < right - 100 and lower[0] > left + 100
    assert line(2, top)[2] >= right - 2
    letters = movie.at(0.5)[top + 8 : bottom - 8, right - 60 : right]
    assert abs(letters - np.array(STEEL)).max() < 12, "the last ones are still to come"


def test_style_011_has_a_box_behind_every_word(stage: Stage) -> None:
    movie = shown(stage, "text-style-011")
    assert (movie.size, movie.seconds) == ((640, 360), 5)
    cornflower = (100, 149, 237)
    left, top, right, bottom = movie.ink(0, cornflower)
    assert left == 50 and right < 50 + 450, "in its box of 450 px, from its left"
    assert near((top + bottom) / 2, 180, 2)
    rows = [movie.at(4.9)[y, left:right] for y in (top + 3, bottom - 3)]
    for row in rows:
        black = np.abs(row).max(axis=1) < 12
        assert 3 <= np.count_nonzero(np.diff(black.astype(int)) == 1) + int(black[0]) <= 7
    assert movie.ink(0, cornflower) == movie.ink(4.9, cornflower)
    assert near(movie.at(2)[top:bottom, left:right].max(axis=(0, 1)), WHITE, 3), "white letters"


def test_style_003_comes_after_two_seconds_and_is_gone_in_the_end(stage: Stage) -> None:
    movie = shown(stage, "sdk-hello-world")
    assert movie.seconds == 12
    blue = (67, 146, 241)
    assert movie.ink(1.9, blue, 12) == (0, 0, 0, 0)
    counts = [len(movie.words(seconds, 5, blue)) for seconds in (2.4, 2.8, 3.2, 3.7)]
    assert counts == [1, 2, 3, 4], "Hello from the SDK"
    assert near(middle(movie.ink(11, blue)), (320, 180), 4)


def test_style_005_jumps_and_leaves_while_the_sound_goes_on(stage: Stage) -> None:
    movie = shown(stage, "expression-audio-plus", advertime=stage.footage.tone(440, 31))
    assert movie.seconds == 15
    ground = (51, 68, 85)
    assert near(movie.colour(7, 5, 5), ground, 2)
    assert movie.ink(0, ground) == (0, 0, 0, 0)
    rest = movie.ink(9.9, ground)
    assert near(middle(rest), (320, 181), 3)
    assert movie.ink(0.1, ground)[3] > rest[3] + 4, "they come from below"
    assert movie.ink(0.1, ground)[2] < rest[2] - 60, "the first ones first"
    assert movie.ink(10.1, ground, 12) == (0, 0, 0, 0)


# Html


def test_a_badge_of_tailwind_at_the_top(stage: Stage) -> None:
    movie = shown(stage, "html-tailwind", SLOW)
    assert (movie.size, movie.seconds) == ((1920, 1080), 4)
    for seconds in (0, 3.5):
        left, top, right, bottom = movie.ink(seconds)
        assert top == 54 + 60, "60 px from the gap"
        assert near(middle((left, 0, right, 0))[0], 960, 1)
        assert bottom - top == 16 + 40 + 16, "py-4 and the line of text-4xl"
        assert near(movie.colour(seconds, left + 12, (top + bottom) // 2), (236, 0, 63), 6)
        assert movie.at(seconds)[top:bottom, left:right].min(axis=2).max() > 240, "white letters"
        assert near(movie.colour(seconds, left, top), BLACK, 90), "round corners"


CARD = b"""<!doctype html><style>body{margin:0;background:#c03020;height:100vh;overflow:hidden}
p{margin:0;position:absolute;left:300px;top:0;width:100px;height:100vh;background:#fff}</style>
<script>addEventListener('load',()=>{if(location.search=='?title=Hi')
document.body.append(document.createElement('p'))})</script>"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Studio, Server]]:
    with serving() as server, studio(tmp_path, server) as lab:
        yield lab, server


def test_a_page_behind_a_url_at_twice_its_density(served: tuple[Studio, Server]) -> None:
    lab, server = served
    document = json.loads((FOLDER / "html-url-dpi.json").read_text()) | SLOW
    (element,) = document["scenes"][0]["elements"]
    element["src"] = give(server, "/card.html", CARD) + "?title=Hi"
    stored = lab.render(document).stored
    with lab.ports.objects.open(stored.key) as file:
        movie = Shown(decoded(file, 1920, 1080), 1)
    assert movie.seconds == 5
    for seconds in (0, 4.5):
        assert movie.ink(seconds) == (0, 0, 600, 200)
        assert near(movie.colour(seconds, 250, 100), (192, 48, 32), 4)
        assert near(movie.colour(seconds, 350, 100), WHITE, 4), "it knows what it was asked for"
        assert near(movie.colour(seconds, 450, 100), (192, 48, 32), 4)


# Components


def test_a_card_of_plain_texts_before_pictures(stage: Stage, rooms: dict[str, str]) -> None:
    movie = shown(stage, "component-string-settings", **rooms)
    assert movie.seconds == 16
    assert movie.ink(0.3) == (0, 0, 0, 0), "the card has no ground, and its texts come later"
    headline, both = movie.ink(0.8), movie.ink(1.5)
    assert headline[3] < 70 < both[3] < 110
    assert 20 < both[0] < 30 and 25 < both[1] < 40, "1vw of margin and 20 px of padding"
    assert movie.ink(3.9) == both
    for number in range(3):
        assert near(movie.colour(4 * number + 4.1, 90, 60), COLOURS[number], 4)
        assert near(movie.colour(4 * number + 7.9, 90, 60), COLOURS[number], 4)


def test_a_card_of_three_points(stage: Stage) -> None:
    movie = shown(stage, "component-card-array-body")
    assert movie.seconds == 10
    bottoms = [movie.ink(seconds)[3] for seconds in (0.3, 0.8, 1.2, 1.6, 2.4, 9.9)]
    assert bottoms[0] == 0 and bottoms[4] == bottoms[5]
    assert bottoms[1] + 20 < bottoms[2] < bottoms[3] - 20 < bottoms[4]
    left, top, right, bottom = movie.ink(9.9)
    assert near((top + bottom) / 2, 180, 6) and 30 < left < 40 and right < 240
    rows = (movie.at(9.9).max(axis=2) >= 64).any(axis=1)
    assert np.count_nonzero(np.diff(rows.astype(int)) == 1) == 4, "four lines"


def test_a_lower_third(stage: Stage) -> None:
    movie = shown(stage, "component-lower-third-050")
    assert movie.seconds == 8
    assert movie.ink(0) == (0, 0, 0, 0)
    bar = movie.ink(0.1)
    assert near(movie.colour(0.1, bar[0] + 2, bar[3] - 2), RED, 4)
    assert bar[2] - bar[0] < 8 and bar[3] - bar[1] < 45, "the bar alone, half way up"
    wipe, end = movie.ink(0.4), movie.ink(2.5)
    assert bar[2] + 100 < wipe[2] < end[2] - 50, "the strip opens to the right"
    assert near(movie.colour(0.5, 60, 300), WHITE, 4)
    assert movie.at(0.4)[285:300, 40:150].min() > 245, "without its words yet"
    assert movie.at(2.5)[285:300, 40:350].min() < 20, "black words on it"
    words = extent(movie.at(2.5)[312:345, 40:400], 128)
    assert words[2] - words[0] > 200, "white ones below"
    assert movie.ink(7.9) == end and 20 < end[0] < 30 and 320 < end[3] < 345


def test_shapes_and_a_hole(stage: Stage) -> None:
    photo = stage.footage.quarters(size=(640, 360))
    movie = shown(stage, "component-shapes", london_01=photo)
    assert movie.seconds == 5
    for seconds in (0, 2.9, 4.9):
        assert near(movie.colour(seconds, 2, 2), (32, 58, 68), 4)
        assert near(movie.colour(seconds, 637, 357), (44, 83, 100), 4)
        assert near(movie.colour(seconds, 66, 50), (0, 255, 0), 4), "the polygon"

    assert near(movie.colour(2.9, 189, 106), (36, 66, 79), 12), "its corner is cut"

    def circle(seconds: float) -> tuple[int, int]:
        row = movie.at(seconds)[144 + 64].min(axis=1) > 245
        columns = np.flatnonzero(row)
        return (int(columns.min()), int(columns.max()) + 1) if len(columns) else (640, 640)

    assert circle(0) == circle(0.2) == (640, 640), "it waits to the right of the picture"
    assert 256 < circle(0.5)[0] < 600
    assert near(circle(1.7), (256, 256 + 128), 1)
    assert near(circle(2.9), (256, 256 + 128), 1)
    quarters = ((200, 90), (440, 90), (200, 270), (440, 270))
    for (x, y), colour in zip(quarters, (RED, GREEN, BLUE, WHITE), strict=True):
        assert near(movie.colour(4.9, x, y), colour, 6), "the picture, in the hole"
        assert not near(movie.colour(2.9, x, y), colour, 40)


def test_a_counter(stage: Stage) -> None:
    canvas = {"fps": 10}
    movie = shown(stage, "component-counter", canvas)
    assert (movie.size, movie.seconds) == ((640, 320), 6)
    sage = (107, 170, 117)
    inks = [movie.ink(seconds, sage) for seconds in (0, 1, 2, 4, 5.9)]
    for ink in inks:
        assert near(middle(ink)[0], 320, 4) and near(middle(ink)[1], 158, 4)
    widths = [ink[2] - ink[0] for ink in inks]
    assert widths[0] < widths[1] - 20 < widths[2] - 40, "1, 2 and 4 digits"
    assert near(movie.at(4.1), movie.at(5.9), 6), "2500 stays"
    digits = [movie.at(seconds)[:, 160:310] for seconds in (2, 2.2, 4.1)]
    assert abs(digits[0] - digits[1]).max() > 100 and abs(digits[1] - digits[2]).max() > 100
