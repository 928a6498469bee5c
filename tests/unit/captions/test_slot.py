"""The slot of a line: high enough, on even pixels, and where the position says."""

from __future__ import annotations

import pytest
from resplice.core.captions.appearance import POSITIONS, Appearance
from resplice.core.captions.line import LineWord
from resplice.core.captions.slot import line_height_em, rows_of, slot_of, width_em
from resplice.core.composition import Canvas

CANVAS = Canvas(1000, 500, 25)


def words(text: str) -> list[LineWord]:
    return [LineWord(word, 0) for word in text.split()]


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("size_px", [13, 20, 41])
def test_it_lies_on_even_pixels(position: str, size_px: int) -> None:
    look = Appearance(size_px, position=position, x=501, y=251)
    slot = slot_of(words("some words"), look, CANVAS, alone=False)
    assert [side % 2 for side in (slot.x, slot.y, slot.width)] == [0, 0, 0]
    assert slot.height % 4 == 0


@pytest.mark.parametrize(
    ("position", "middle"),
    [("center-center", 250), ("mid-top-center", 125), ("mid-bottom-center", 375), ("custom", 90)],
)
def test_the_middle_lies_where_the_position_says(position: str, middle: int) -> None:
    look = Appearance(20, position=position, x=300, y=90)
    for text in ("one row", "W" * 200):
        slot = slot_of(words(text), look, CANVAS, alone=False)
        assert slot.y + slot.height // 2 - middle in (0, -1)
    assert slot.x == (-200 if position == "custom" else 0)


@pytest.mark.parametrize("size_px", range(13, 40))
def test_the_middle_is_the_same_however_many_rows_there_are(size_px: int) -> None:
    look = Appearance(size_px, position="custom", y=91)
    slots = [slot_of(words("W" * n), look, CANVAS, alone=False) for n in (1, 99, 199)]
    assert len({slot.y + slot.height // 2 for slot in slots}) == 1


def test_edges_are_free_by_a_twentieth() -> None:
    below = slot_of(words("a"), Appearance(20), CANVAS, alone=False)
    assert 475 - 2 <= below.y + below.height - below.room <= 475
    above = slot_of(words("a"), Appearance(20, position="top-left"), CANVAS, alone=False)
    assert 25 - 2 < above.y + above.room <= 25
    assert (above.side, above.widest) == (50, 900)


def test_there_is_room_for_outline_and_shadow() -> None:
    plain = slot_of(words("a"), Appearance(20), CANVAS, alone=False)
    wide = slot_of(words("a"), Appearance(20, outline_px=9, shadow_px=-4), CANVAS, alone=False)
    assert wide.room == plain.room + 13


def test_it_is_no_higher_than_the_canvas() -> None:
    slot = slot_of(words("W " * 200), Appearance(400), CANVAS, alone=False)
    assert slot.height == CANVAS.height


def test_words_that_are_alone_take_their_own_rows_only() -> None:
    many, look = words("WWWWWWWWWW " * 9), Appearance(40)
    assert rows_of(many, look, 900) > 3
    alone = slot_of(many, look, CANVAS, alone=True)
    assert alone.height == slot_of(many[:1], look, CANVAS, alone=False).height


def test_rows_are_counted_as_they_fall() -> None:
    look = Appearance(10)
    assert rows_of(words("aaaa aaaa"), look, 1000) == 1
    assert rows_of(words("aaaa aaaa"), look, 40) == 2
    assert rows_of([LineWord("a", 0, ends_row=True), LineWord("b", 0)], look, 1000) == 2
    assert rows_of(words("a" * 100), look, 100) == 8, "a long word is broken"
    assert rows_of([], look, 100) == 1


def test_letters_are_as_wide_as_their_script() -> None:
    assert width_em("字") == 1.0
    assert width_em("i") < width_em("a") < width_em("A") < width_em("W")
    assert width_em("e\u0301") == width_em("e")


def test_boxes_need_rows_that_lie_further_apart() -> None:
    heights = [
        line_height_em(Appearance(9, style=s)) for s in ("classic", "boxed-line", "boxed-word")
    ]  # type: ignore[arg-type]
    assert heights == sorted(heights)
