"""Which frames of a film are wanted, by times and by sheets."""

from __future__ import annotations

import pytest
from resplice.core.composition import Canvas
from resplice.core.pieces import SheetTask
from resplice.core.wanted_stills import (
    Stills,
    cell_of,
    seconds_said,
    sheet_said,
    stills_of,
)
from resplice.errors import DocumentError


@pytest.mark.parametrize(
    ("at_s", "frame"),
    [(0, 0), (0.039, 0), (0.04, 1), (3.2, 80), (0.28, 7), (0.56, 14), (3.999, 99)],
)
def test_a_time_is_the_frame_that_is_shown_then(at_s: float, frame: int) -> None:
    assert Stills((at_s,)).frames(100, 25) == (frame,)


def test_a_time_when_the_movie_is_over_is_told_with_its_length() -> None:
    with pytest.raises(DocumentError) as caught:
        Stills((1, 4, 9.5)).frames(100, 25)
    assert [(each.path, each.message) for each in caught.value.problems] == [
        (
            "at",
            f"There is no frame at {at} s: the movie is 4 s long, and its last frame is at 3.96 s",
        )
        for at in ("4", "9.5")
    ]


def test_a_sheet_shows_the_middle_of_equal_parts() -> None:
    assert Stills(sheet=(2, 2)).frames(100, 25) == (12, 37, 62, 87)
    assert Stills(sheet=(1, 1)).frames(1, 25) == (0,)
    assert Stills(sheet=(3, 1)).frames(2, 25) == (0, 1, 1)


@pytest.mark.parametrize("text", ["", "x", "4", "4x", "x4", "0x3", "4x11", "-1x2", "4x3x2", "²x2"])
def test_what_says_no_sheet(text: str) -> None:
    with pytest.raises(ValueError):
        sheet_said(text)


def test_what_says_a_sheet() -> None:
    assert [sheet_said(text) for text in ("4x3", "10X1")] == [(4, 3), (10, 1)]


@pytest.mark.parametrize("text", ["", "a", "-1", "nan", "inf", "1s", "0:01"])
def test_what_says_no_time(text: str) -> None:
    with pytest.raises(ValueError):
        seconds_said(text)


def test_they_are_what_was_written_of_them() -> None:
    for wanted in (Stills((1.5, 2)), Stills(sheet=(4, 3), pays=True)):
        assert stills_of(wanted.as_json()) == wanted
        assert wanted.said() != Stills((1.5,)).said()


@pytest.mark.parametrize(
    ("size", "cell", "whole"),
    [
        ((1920, 1080), (480, 270), (4 * 488 + 8, 2 * 278 + 8)),
        ((1080, 1920), (270, 480), (4 * 278 + 8, 2 * 488 + 8)),
        ((64, 50), (64, 50), (4 * 72 + 8, 2 * 58 + 8)),
    ],
)
def test_stills_on_a_sheet_are_never_larger_than_they_are(
    size: tuple[int, int], cell: tuple[int, int], whole: tuple[int, int]
) -> None:
    assert cell_of(Canvas(*size, 25)) == cell
    sheet = SheetTask(("a",) * 7, 4, cell)
    assert (sheet.rows, sheet.size) == (2, whole)
