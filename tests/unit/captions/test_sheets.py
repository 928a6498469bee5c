"""Sheets say nothing of time; layers say in which frames which slot is seen."""

from __future__ import annotations

from dataclasses import replace

from resplice.core.captions.appearance import Appearance
from resplice.core.captions.line import Line, LineWord
from resplice.core.captions.sheets import (
    MAX_SHEET_HEIGHT,
    MAX_SHEET_PIXELS,
    caption_layers,
    sheets,
)
from resplice.core.composition import Canvas, Look, SheetPicture
from resplice.core.facts import MediaFacts

CANVAS = Canvas(1000, 500, 25)
LOOK = Appearance(20)
PAINTED = MediaFacts("d", 9, "image", "png_pipe", 201, 70, has_alpha=True, x=401, y=13)


def line(start: int, *starts: int, end: int, timed: bool = True) -> Line:
    return Line(tuple(LineWord("w", at) for at in starts), start, end, timed)


def test_a_line_is_one_sheet_with_a_slot_for_each_state() -> None:
    (sheet,) = sheets([line(0, 0, 400, end=1000)], LOOK, CANVAS)
    assert sheet.size == (1000, 2 * sheet.slot.height)
    assert sheet.html(LOOK).count('"slot"') == 2


def test_a_line_that_is_moved_has_the_same_page() -> None:
    (here,) = sheets([line(0, 0, 400, end=1000)], LOOK, CANVAS)
    (there,) = sheets([line(5000, 5000, 5900, end=7000)], LOOK, CANVAS)
    assert here.html(LOOK) == there.html(LOOK)


def test_frames_and_slots() -> None:
    lines = [line(0, 0, 400, end=1000), line(2000, 2000, 2010, 2400, end=3000)]
    first, second = caption_layers(lines, LOOK, CANVAS, [PAINTED] * 2, 1000)
    assert (first.start, first.end, first.showing) == (0, 25, ((0, 0), (10, 1)))
    assert (second.start, second.end) == (50, 75)
    assert second.showing == ((0, 1), (10, 2)), "of states within one frame the last is seen"


def test_what_is_seen_is_the_slot_on_even_pixels() -> None:
    (layer,) = caption_layers([line(0, 0, 400, end=1000)], LOOK, CANVAS, [PAINTED], 1000)
    (sheet,) = sheets([line(0, 0, 400, end=1000)], LOOK, CANVAS)
    slot = (202, sheet.slot.height)
    assert isinstance(layer.picture, SheetPicture)
    assert (layer.picture.slot, layer.picture.place, layer.picture.slots) == (slot, (1, 13), 2)
    assert layer.look == Look(scaled=slot, size=slot, x=400, y=sheet.slot.y)


def test_the_movie_ends_them() -> None:
    lines = [line(0, 0, 400, end=1000), line(2000, 2000, end=3000)]
    (layer,) = caption_layers(lines, LOOK, CANVAS, [PAINTED] * 2, 8)
    assert (layer.end, layer.showing) == (8, ((0, 0),))


def test_what_has_no_frame_or_no_ink_is_not_there() -> None:
    short = line(1000, 1000, end=1010)
    assert caption_layers([short], LOOK, CANVAS, [PAINTED], 1000) == []
    empty = replace(PAINTED, width=1, height=1, x=0, y=0)
    assert caption_layers([line(0, 0, end=900)], LOOK, CANVAS, [empty], 1000) == []


def test_many_states_take_several_sheets_that_follow_each_other() -> None:
    long = line(0, *range(0, 40_000, 100), end=41_000)
    made = sheets([long], Appearance(100), CANVAS)
    assert len(made) > 2
    assert all(sheet.size[1] <= MAX_SHEET_HEIGHT for sheet in made)
    wide = sheets([long], Appearance(100), Canvas(3840, 2160, 25))
    assert all(sheet.size[0] * sheet.size[1] <= MAX_SHEET_PIXELS for sheet in wide)
    assert [state.spoken for sheet in made for state in sheet.states] == list(range(400))
    layers = caption_layers([long], Appearance(100), CANVAS, [PAINTED] * len(made), 2000)
    assert [layer.start for layer in layers[1:]] == [layer.end for layer in layers[:-1]]
    assert layers[-1].end == 1025
