"""Movies such as people have, of texts, pages and components: what is seen of them, in pixels.

They are drawn a third as large, ten frames a second. Each is as long and as large as it says; where
ink is, and of which colour, is asked before, while and after it moves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from footage import BLUE, GREEN, RED
from numpy.typing import NDArray
from stage import Document, Stage, near

Picture = NDArray[np.int16]
FOLDER = Path(__file__).parents[1] / "movies"
FPS = 10
SMALL = {"full-hd": (640, 360), "instagram-story": (360, 640)}
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


class Film:
    """The frames of a movie."""

    def __init__(self, frames: NDArray[np.int16]) -> None:
        self.frames = frames

    @property
    def size(self) -> tuple[int, int]:
        return self.frames.shape[2], self.frames.shape[1]

    @property
    def seconds(self) -> float:
        return len(self.frames) / FPS

    def at(self, seconds: float) -> Picture:
        picture: Picture = self.frames[round(seconds * FPS)]
        return picture

    def ink(
        self, seconds: float, colour: tuple[int, int, int] = WHITE, within: int = 40
    ) -> tuple[int, int, int, int] | None:
        """The box of what has that colour."""
        rows, columns = np.nonzero(np.abs(self.at(seconds) - colour).max(axis=2) <= within)
        if not len(rows):
            return None
        return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1

    def amount(self, seconds: float, colour: tuple[int, int, int] = WHITE) -> int:
        """How many pixels have about that colour."""
        return int((np.abs(self.at(seconds) - colour).max(axis=2) <= 40).sum())


def document_of(name: str, files: Mapping[str, str]) -> Document:
    document: Document = json.loads((FOLDER / f"{name}.json").read_text())
    width, height = SMALL.get(document.get("resolution", ""), (0, 0))
    size = {"resolution": "custom", "width": width, "height": height} if width else {}
    text = json.dumps(document | size | {"fps": FPS, "quality": "high"})
    for url, file in files.items():
        text = text.replace(url, file)
    return dict(json.loads(text))


@pytest.fixture(scope="module")
def film(stage: Stage) -> Any:
    @cache
    def filmed(name: str) -> Film:
        house = "https://cdn.json2video.com/assets/images/sample-house-"
        rooms = (("front", RED), ("kitchen", GREEN), ("bedroom", BLUE))
        files = {
            f"{house}{room}.jpg": stage.footage.colour(*colour, (640, 360))
            for room, colour in rooms
        }
        london = "https://cdn.json2video.com/assets/images/london-01.jpg"
        files[london] = stage.footage.colour(*RED, (640, 360))
        return Film(stage.frames(document_of(name, files)))

    return filmed


def centred(box: tuple[int, int, int, int] | None, size: tuple[int, int], within: int = 12) -> bool:
    assert box
    left, top, right, bottom = box
    aside = abs((left + right) / 2 - size[0] / 2), abs((top + bottom) / 2 - size[1] / 2)
    return max(aside) <= within


STILL = {
    "quickstart-text": (640, 5),
    "image-and-label": (640, 8),
    "expression-ternary-text": (640, 3),
    "own-unknown-keys": (640, 2),
    "own-scoped-variables": (640, 2),
}


@pytest.mark.parametrize("name", STILL)
def test_a_still_text_is_there_from_first_to_last(film: Any, name: str) -> None:
    shown, (width, seconds) = film(name), STILL[name]
    assert (shown.size, shown.seconds) == ((width, 360), seconds)
    for at in (0, seconds / 2, seconds - 0.1):
        assert centred(shown.ink(at), shown.size)
        assert shown.amount(at) > 100
    if name == "image-and-label":
        assert near(shown.at(4)[5, 5], RED, 4)


def test_a_text_lies_where_it_was_put(film: Any) -> None:
    """Its canvas is as large as the movie's, and moved by a third of 100 and of 50."""
    shown = film("position-custom")
    box = shown.ink(1)
    assert shown.seconds == 3 and box
    assert abs((box[0] + box[2]) / 2 - (320 + 100)) <= 3
    assert abs((box[1] + box[3]) / 2 - (180 + 50)) <= 12


def test_a_text_that_begins_later_comes_word_by_word(film: Any) -> None:
    shown = film("sdk-hello-world")
    assert shown.seconds == 12
    assert shown.ink(1.9) is None
    early, late = shown.ink(2.6), shown.ink(11.9)
    assert early and late and early[0] == late[0] and early[2] < late[2] - 30
    assert centred(late, shown.size)


MOVING = {
    "text-style-002": 1.0,
    "text-style-004": 0.2,
    "text-style-006": 0.8,
    "text-style-008": 0.4,
}


@pytest.mark.parametrize("name", MOVING)
def test_a_style_has_less_ink_while_it_comes(film: Any, name: str) -> None:
    shown = film(name)
    assert (shown.size, shown.seconds) == ((640, 360), 5)
    assert near(shown.at(0)[5, 5], (0x45, 0x67, 0x89), 4)
    counts = [shown.amount(at) for at in (0, MOVING[name], 4.9)]
    assert counts[0] < 20 and counts[1] < 0.8 * counts[2] > 200
    assert centred(shown.ink(4.9), shown.size)


def test_words_have_black_boxes_over_several_lines(film: Any) -> None:
    shown = film("text-style-011")
    for at in (0, 2.5, 4.9):
        left, top, right, bottom = shown.ink(at, BLACK) or (0, 0, 0, 0)
        assert 50 <= left <= 60 and right <= 500 and 60 <= bottom - top <= 80
        assert near(shown.at(at)[5, 5], (0x64, 0x95, 0xED), 4)
        assert shown.amount(at) > 500


def test_a_number_counts_up(film: Any) -> None:
    shown = film("component-counter")
    assert (shown.size, shown.seconds) == ((640, 320), 6)
    assert near(shown.at(0)[5, 5], (0x6B, 0xAA, 0x75), 4)
    boxes = [shown.ink(at) for at in (0.2, 2, 5.9)]
    widths = [box[2] - box[0] for box in boxes if box]
    assert widths[0] < widths[1] <= widths[2] and len(widths) == 3, "one digit, then four"
    assert (shown.at(4.2) == shown.at(5.9)).mean() > 0.99, "it stays"


def test_a_lower_third_opens(film: Any) -> None:
    shown = film("component-lower-third-050")
    assert shown.seconds == 8
    assert shown.amount(0) == 0 and shown.ink(0.3, (255, 0, 0))
    opening, last = shown.ink(0.5), shown.ink(7.9)
    assert opening and last and opening[2] < last[2]
    assert last[1] > 0.7 * 360 and last[0] < 60, "low, at the left"
    assert shown.amount(7.9, (255, 0, 0)) > 100, "the bar"
    assert (shown.at(7.9)[last[1] : last[3], last[0] : last[2]].min(axis=2) < 40).any(), "words"


def test_a_card_shows_its_paragraphs_one_after_the_other(film: Any) -> None:
    shown = film("component-card-array-body")
    assert shown.seconds == 10 and shown.amount(0) == 0

    def lines(at: float) -> int:
        inked = (shown.at(at).max(axis=2) > 128).any(axis=1).astype(int)
        return int((np.diff(inked) == 1).sum())

    assert 0 < lines(1) < lines(9) >= 4


def test_a_card_of_plain_strings_and_then_pictures(film: Any) -> None:
    shown = film("component-string-settings")
    assert shown.seconds == 16
    assert shown.amount(0) == 0 and shown.amount(3.9) > 200
    for at, colour in ((6, RED), (10, GREEN), (14, BLUE)):
        assert near(shown.at(at)[180, 320], colour, 4)


def test_shapes_lie_and_move_as_they_say(film: Any) -> None:
    shown = film("component-shapes")
    assert shown.seconds == 5
    for at in (0, 2, 4.9):
        assert near(shown.at(at)[5, 5], (0x20, 0x3A, 0x43), 12), "the gradient begins"
        assert near(shown.at(at)[50, 90], (0, 255, 0), 12), "the polygon"
    moving = [shown.ink(at) for at in (0.4, 0.8, 2.9)]
    assert moving[1] and moving[2] and moving[2][0] < moving[1][0], "the disc comes from the right"
    assert abs(moving[2][0] - 0.4 * 640) <= 3
    assert moving[2][2] - moving[2][0] == pytest.approx(0.2 * 640, abs=3)
    assert near(shown.at(4.9)[180, 320], RED, 4), "the picture in its hole lies over it"


def test_a_label_of_tailwind_is_at_the_top(film: Any) -> None:
    shown = film("html-tailwind")
    assert shown.seconds == 4
    for at in (0, 2, 3.9):
        box = shown.ink(at, (225, 29, 72), 60)
        assert box and abs((box[0] + box[2]) / 2 - 320) <= 3
        assert box[1] == pytest.approx(360 * 0.05 + 60, abs=4)
        assert shown.amount(at) > 300, "white words"


def test_a_page_by_its_url_is_as_large_as_it_says(stage: Stage, tmp_path: Path) -> None:
    page = tmp_path / "card.html"
    page.write_text(
        "<body style='margin:0;background:#246'><h1 style='color:#fff;margin:60px'>Hi</h1>"
    )
    files = {"https://example.com/card.html?title=Hi": f"file://{page}"}
    shown = Film(stage.frames(document_of("html-url-dpi", files)))
    assert shown.seconds == 5
    for at in (0, 2, 4.9):
        assert near(shown.at(at)[190, 590], (0x22, 0x44, 0x66), 4)
        assert near(shown.at(at)[210, 300], BLACK, 4), "it is 600 by 200"
        assert shown.amount(at) > 50
