"""The components of the pack `basic`: what is seen before, while and after they move."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from footage import Footage
from painted_components import Easel, page_of

LATER = ("050", "051", "052", "100", "120", "125", "200")
PACK = [f"basic/{number}" for number in ("000", "001", *LATER)]
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
SIZE = (640, 360)
LONG = "A long headline that goes on and on until no strip in the world would hold it " * 3
Box = tuple[int, int, int, int]
Said = dict[str, Any]


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A picture all green, wider than high."""
    return Footage(tmp_path_factory.mktemp("faces")).colour(*GREEN, size=(80, 40))


class Seen:
    """A picture, asked where which colour is."""

    def __init__(self, shown: Easel, name: str, ms: float, said: Said, size: Any = SIZE) -> None:
        self.pixels = np.asarray(shown.at(f"basic/{name}", ms, said, *size)).astype(int)

    def at(self, x: int, y: int) -> tuple[int, ...]:
        return tuple(self.pixels[y, x].tolist())

    def where(self, colour: tuple[int, int, int]) -> Any:
        away = np.abs(self.pixels[..., :3] - colour).max(axis=2)
        return (away < 40) & (self.pixels[..., 3] > 215)

    def ink(self, colour: tuple[int, int, int]) -> int:
        return int(self.where(colour).sum())

    def box(self, colour: tuple[int, int, int]) -> Box:
        rows, columns = np.nonzero(self.where(colour))
        assert len(rows), f"nothing is {colour}"
        return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1

    @property
    def is_empty(self) -> bool:
        return bool(self.pixels[..., 3].max() == 0)


def near(one: Any, other: Any, by: int = 2) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("name", [each for each in PACK if each != "basic/100"])
def test_without_settings_nothing_is_drawn(shown: Easel, name: str) -> None:
    assert Seen(shown, name[-3:], 9000, {}).is_empty


def test_white_words_of_a_card_without_a_ground_have_a_shadow(shown: Easel) -> None:
    def dark(**card: str) -> bool:
        picture = Seen(shown, "000", 3000, {"card": card, "headline": "HHH"}).pixels
        return bool(((picture[..., :3].max(axis=2) < 40) & (picture[..., 3] > 20)).any())

    assert dark() and not dark(background="white")


def test_a_card_stands_still_when_its_last_text_has_come(shown: Easel) -> None:
    said = {"headline": "HHH", "body": ["HH", "HH"]}
    moving, rested, later = (Seen(shown, "000", ms, said) for ms in (1500, 1800, 9000))
    assert near(rested.box(WHITE), later.box(WHITE), 1)
    assert moving.ink(WHITE) < 0.9 * later.ink(WHITE) and rested.ink(WHITE) > 0.9 * later.ink(WHITE)


@pytest.mark.parametrize("name", ["000", "001"])
def test_a_word_too_long_for_a_line_is_broken_where_its_size_is_said(
    shown: Easel, name: str
) -> None:
    headline = {"text": "H" * 60, "color": "#00ff00"}

    def box(**more: Any) -> Box:
        return Seen(shown, name, 3000, {"headline": {**headline, **more}}).box(GREEN)

    broken, fitted = box(), box(**{"font-size": "auto"})
    assert broken[3] - broken[1] > 60 and broken[2] < 640
    assert fitted[3] - fitted[1] < 20 and fitted[2] < 640


def test_a_bar_grows_down_and_then_texts_drop_from_above(shown: Easel) -> None:
    said = {
        "headline": {"text": "HHH", "color": "#00ff00"},
        "body": {"text": "HH", "color": "blue"},
    }
    begun, growing, dropping, last = (Seen(shown, "001", ms, said) for ms in (0, 250, 520, 3000))
    assert begun.is_empty
    left, top, right, bottom = last.box(RED)
    assert (left, top) == (0, 0) and near((right,), (19,), 1)
    assert top < growing.box(RED)[3] < bottom and not growing.ink(GREEN)
    assert dropping.box(RED) == last.box(RED) and not dropping.ink(BLUE)
    assert last.box(GREEN)[3] < last.box(BLUE)[1] < bottom
    assert last.box(GREEN)[0] >= 38


STRIPS = {
    "bar": {"color": "#0000ff"},
    "headline": {
        "text": "HHHH HH",
        "background": "#ff0000",
        "color": "white",
        "text-shadow": "none",
    },
    "lead": {"text": "HH", "background": "#00ff00"},
}


def test_two_strips_wipe_open_beside_a_bar_and_their_words_slide_up(shown: Easel) -> None:
    begun, bar, opening, last = (Seen(shown, "050", ms, STRIPS) for ms in (0, 200, 440, 2000))
    assert begun.is_empty
    assert bar.ink(BLUE) and not bar.ink(RED) and bar.box(BLUE) == last.box(BLUE)
    assert opening.box(RED)[0] == last.box(RED)[0] and opening.box(RED)[2] < last.box(RED)[2]
    assert opening.box(GREEN)[2] < last.box(GREEN)[2] and not opening.ink(WHITE)
    left, top, _, bottom = last.box(RED)
    under = last.box(GREEN)
    assert last.ink(WHITE) > 100 and near((left, bottom), (under[0], under[1]), 1)
    assert near(last.box(BLUE), (26, top, left, under[3]), 1)
    assert near((under[3],), (360 - 25,), 1)


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (360, 360)])
@pytest.mark.parametrize("name", ["050", "051"])
def test_words_of_strips_become_smaller_rather_than_leave_them(
    shown: Easel, face: str, name: str, size: tuple[int, int]
) -> None:
    words = {"background": "#ff0000", "color": "white", "text-shadow": "none"}

    def seen(text: str) -> Seen:
        return Seen(shown, name, 3000, {"headline": {"text": text, **words}}, size)

    short, long = seen("HHH"), seen(LONG)
    for each in (short, long):
        strip, ink = each.box(RED), each.box(WHITE)
        assert strip[0] < ink[0] and ink[2] < strip[2] <= size[0] * 0.96 + 1
        assert strip[1] < ink[1] and ink[3] < strip[3] < size[1]
    assert long.box(RED)[1] > size[1] * 0.6
    assert short.box(RED)[2] < size[0] * 0.6


def test_strips_of_what_is_read_leftwards_open_leftwards(shown: Easel) -> None:
    card = {"direction": "rtl", "horizontal-align": "right"}
    opening, last = (Seen(shown, "050", ms, {**STRIPS, "card": card}) for ms in (440, 2000))
    assert opening.box(RED)[2] == last.box(RED)[2] and opening.box(RED)[0] > last.box(RED)[0]
    assert last.box(BLUE)[0] >= last.box(RED)[2] - 1


ROUND = {
    "bar": {"color": "#0000ff"},
    "headline": {"text": "HHH", "background": "#ff0000", "color": "white", "text-shadow": "none"},
}


def test_a_ring_turns_around_a_round_picture_and_swings_to_rest(shown: Easel, face: str) -> None:
    said = {**ROUND, "image": {"src": face, "size": "100px"}}
    begun, turning, swung, last = (Seen(shown, "051", ms, said) for ms in (0, 150, 800, 4000))
    assert begun.is_empty
    left, top, right, bottom = last.box(GREEN)
    assert near((right - left, bottom - top), (100, 100))
    assert not last.where(GREEN)[top + 5, left + 5] and last.where(GREEN)[top + 50, left + 50]
    ring = last.where(BLUE)
    middle = (top + bottom) // 2
    assert ring[middle, : left + 3].any() and not ring[middle, right - 3 : right + 12].any()
    turned, swinging = turning.where(BLUE) | (turning.pixels[..., 3] > 60), swung.where(BLUE)
    assert turned.any() and (swinging != ring).sum() > 10
    assert not turning.ink(RED) and last.box(RED)[0] > right and last.ink(WHITE) > 50


def test_a_picture_may_be_a_background_and_without_one_there_is_no_ring(
    shown: Easel, face: str
) -> None:
    drawn = Seen(shown, "051", 4000, {**ROUND, "image": {"background-image": f"url('{face}')"}})
    assert drawn.ink(GREEN) > 1000 and drawn.ink(BLUE) > 100
    bare = Seen(shown, "051", 4000, ROUND)
    assert not bare.ink(GREEN) and not bare.ink(BLUE) and bare.ink(RED)


def test_a_headline_slides_out_from_behind_a_label_that_stands_still(shown: Easel) -> None:
    def seen(ms: float, text: str = "HHHHHHHHHH") -> Seen:
        headline = {"text": text, "background-color": "#0000ff"}
        return Seen(shown, "052", ms, {"section": {"text": "HH"}, "headline": headline})

    begun, sliding, last = seen(0), seen(200), seen(700)
    assert begun.box(RED) == sliding.box(RED) == last.box(RED) and not begun.ink(BLUE)
    left, _, right, bottom = last.box(RED)
    assert near((left, bottom), (26, 360 - 26), 1)
    assert near((sliding.box(BLUE)[0], last.box(BLUE)[0]), (right, right), 1)
    assert sliding.box(BLUE)[2] < last.box(BLUE)[2] == seen(9000).box(BLUE)[2]

    def share_of_the_way(text: str) -> float:
        far, now = seen(9000, text).box(BLUE)[2] - right, seen(300, text).box(BLUE)[2] - right
        return now / far

    assert share_of_the_way("H" * 30) < share_of_the_way("H" * 10) < 1
    assert "--slide:700ms" in page_of("basic/052", {"headline": "H" * 10}).html


def test_an_empty_label_is_a_block_of_its_colour(shown: Easel) -> None:
    picture = Seen(shown, "052", 5000, {"section": {"text": [""]}, "headline": "HHH"})
    left, top, right, bottom = picture.box(RED)
    assert near((right - left,), (13,), 1) and bottom - top > 25
    assert not Seen(shown, "052", 5000, {"headline": "HHH"}).ink(RED)


def test_a_box_moves_from_one_rectangle_to_another(shown: Easel) -> None:
    box = {"initial_left": "50%", "initial_width": "50%", "initial_top": "50%"}
    box |= {"initial_height": "50%", "final_left": "64px", "final_width": "10vw"}
    box |= {"final_top": "0", "final_height": "100%", "background": "#ff0000"}
    box |= {"box-shadow": "none", "duration": "1000", "easing": "linear"}
    begun, half, last = (Seen(shown, "100", ms, {"box": box}) for ms in (0, 500, 5000))
    assert begun.box(RED) == (320, 180, 640, 360)
    assert near(half.box(RED), (192, 90, 384, 360), 1)
    assert last.box(RED) == (64, 0, 128, 360)


def test_a_box_swings_beyond_its_end_and_by_itself_it_fills_the_canvas(shown: Easel) -> None:
    box = {"initial_width": "0", "final_width": "50%", "background": "#ff0000"}
    furthest = 320 * (1 + 2**-2.5)
    assert near(Seen(shown, "100", 250, {"box": box}).box(RED)[2:3], (furthest,))
    assert Seen(shown, "100", 5000, {"box": box}).box(RED)[2] == 320
    assert near(Seen(shown, "100", 0, {}).at(300, 100), (100, 149, 237, 255))
    dim = Seen(shown, "100", 5000, {"box": {"background": "rgba(0,0,0,.4)"}})
    assert near(dim.at(5, 5), (0, 0, 0, 102)) and near(dim.at(630, 350), (0, 0, 0, 102))


PROFILE = {
    "name": {"text": "HHH", "color": "red"},
    "title": {"text": "HH", "color": "blue"},
    "description": {"text": ["HHHH"], "color": "white"},
}


@pytest.mark.parametrize("key", ["src", "background-image"])
def test_a_profile_comes_part_by_part(shown: Easel, face: str, key: str) -> None:
    said = {**PROFILE, "image": {key: face}}
    begun, picture, name, last = (
        Seen(shown, "120", ms, said, (300, 420)) for ms in (0, 890, 1290, 4000)
    )
    assert begun.is_empty
    assert picture.ink(GREEN) and not picture.ink(RED)
    assert name.ink(RED) and not name.ink(BLUE)
    face_box, lines = last.box(GREEN), [last.box(each) for each in (RED, BLUE, WHITE)]
    assert near((face_box[2] - face_box[0], face_box[3] - face_box[1]), (132, 132))
    assert not last.where(GREEN)[face_box[1] + 6, face_box[0] + 6]
    tops = [face_box[3], *(each[1] for each in lines)]
    assert tops == sorted(tops) and all(each[3] < 420 for each in lines)


def test_in_a_wide_canvas_a_profile_stands_beside_its_picture(shown: Easel, face: str) -> None:
    last = Seen(shown, "120", 4000, {**PROFILE, "image": {"src": face}})
    assert last.box(GREEN)[2] < last.box(RED)[0]


TABLE = {
    "table": {"width": "400px", "font-size": "20px", "color": "white"},
    "header": {"column-widths": ["25%", "75%"], "background": "#ff0000"},
    "first-column": {"background": "#00ff00"},
    "cells": {"border": "none"},
    "data": {"columns": ["H", "H"], "rows": [["H", "<b>H</b><br>H"], ["H", "H"], ["H", "&lt;H"]]},
}


def test_rows_of_a_table_come_one_after_the_other(shown: Easel) -> None:
    begun, header, second, last = (Seen(shown, "125", ms, TABLE) for ms in (0, 390, 850, 3000))
    assert begun.is_empty
    assert header.ink(RED) and not header.ink(GREEN)
    assert 0 < second.ink(GREEN) < last.ink(GREEN)
    left, _, right, bottom = last.box(RED)
    assert near((left, right), (120, 520), 1)
    first = last.box(GREEN)
    assert near((first[0], first[2], first[1]), (120, 220, bottom), 1)


def test_cells_hold_markup_and_a_header_can_be_left_out(shown: Easel) -> None:
    page = page_of("basic/125", TABLE).html
    assert "<b>H</b><br>H</td>" in page and "&lt;H</td>" in page
    without = {**TABLE, "header": {"display": "none"}}
    assert not Seen(shown, "125", 3000, without).ink(RED)
    assert "<th" not in page_of("basic/125", without).html


def test_a_table_of_many_rows_becomes_smaller_until_all_are_seen(shown: Easel) -> None:
    rows = [[str(n), "words and words and more words that need room"] for n in range(14)]
    said = {"data": {"rows": rows}, "cells": {"background": "#0000ff"}}
    _, top, _, bottom = Seen(shown, "125", 9000, said).box(BLUE)
    assert top > 10 and bottom < 350
    few = Seen(shown, "125", 9000, {**said, "data": {"rows": rows[:2]}})
    assert few.box(BLUE)[3] - few.box(BLUE)[1] > (bottom - top) / 7


def test_a_picture_fills_the_canvas_under_its_lower_third(shown: Easel, face: str) -> None:
    said = {
        "image": {"src": face},
        "headline": {"text": "HHH", "color": "red", "font-size": "10vh"},
        "body": {"text": "HHH", "color": "white", "font-size": "8vh"},
        "lower-third": {"background": "#0000ff", "padding": "20px"},
        "logo": {"src": face, "border": "5px solid red", "width": "100px", "margin": "10px"},
    }
    begun, headline, last = (Seen(shown, "200", ms, said) for ms in (0, 880, 4000))
    assert begun.is_empty
    assert headline.ink(RED) and not headline.ink(WHITE) and last.ink(WHITE)
    band = last.box(BLUE)
    assert band[0] == 0 and band[2:] == SIZE and band[1] > 180
    assert last.where(GREEN)[2, 2] and last.where(GREEN)[band[1] - 3, 637]
    assert last.where(RED)[12, 532] and last.where(GREEN)[20, 580]


def test_which_part_of_a_picture_is_kept_can_be_said(shown: Easel, tmp_path: Path) -> None:
    tall = Footage(tmp_path).quarters(size=(40, 200))

    def top_left(position: str) -> tuple[int, ...]:
        said = {"image": {"src": tall, "position": position}}
        return Seen(shown, "200", 4000, said).at(100, 100)

    assert near(top_left("top"), (255, 0, 0, 255)) and near(top_left("bottom"), (0, 0, 255, 255))
