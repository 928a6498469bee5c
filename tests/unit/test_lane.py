"""The rule of the fast lane, at its edges."""

from __future__ import annotations

from dataclasses import replace

import pytest
from resplice.core import lane, workflow
from resplice.core.composition import Canvas, Composite
from resplice.core.lane import Way, is_own, seconds_of, takes_elements, way_of_pieces
from resplice.core.pieces import PROFILES, SEGMENT_SECONDS, SegmentTask, SoundTask
from resplice.steps import makers


@pytest.mark.parametrize(
    ("functions", "taken"),
    [
        ([], True),
        (["element"], True),
        (["element"] * lane.MAX_BATCHES, True),
        (["element"] * (lane.MAX_BATCHES + 1), False),
        (["element", "paint", "speak"], True),
        (["generate"], False),
        (["element", "transcribe"], False),
    ],
)
def test_which_elements_the_lane_has_made(functions: list[str], taken: bool) -> None:
    assert takes_elements(functions) is taken


@pytest.mark.parametrize(
    ("seconds", "way"),
    [
        ([], Way.HERE),
        ([0.2], Way.HERE),
        ([lane.MAX_PIECE_SECONDS], Way.HERE),
        ([lane.MAX_PIECE_SECONDS + 0.1], Way.FANNED_OUT),
        ([lane.MAX_HERE_SECONDS / 4] * 4, Way.HERE),
        ([lane.MAX_HERE_SECONDS / 4] * 5, Way.CALLED),
        ([lane.MAX_PIECE_SECONDS, 1.0], Way.CALLED),
        ([lane.MAX_PIECE_SECONDS + 0.1, 1.0], Way.FANNED_OUT),
        ([1.0] * lane.MAX_PIECES, Way.CALLED),
        ([1.0] * (lane.MAX_PIECES + 1), Way.FANNED_OUT),
        ([0.01] * (lane.MAX_PIECES + 1), Way.HERE),
    ],
)
def test_how_pieces_are_made(seconds: list[float], way: Way) -> None:
    assert way_of_pieces(seconds) is way


def test_of_those_side_by_side_the_lane_makes_its_share_and_the_longest() -> None:
    assert [i for i in range(9) if is_own(i, at_once=4)] == [0, 4, 8]
    assert [i for i in range(9) if is_own(i, at_once=40)] == [0]
    assert all(is_own(i, at_once=1) for i in range(9))


def segment(seconds: float, width: int, height: int) -> SegmentTask:
    canvas = Canvas(width, height, 30)
    return SegmentTask(canvas, PROFILES["high"], int(30 * seconds), Composite("#000000", ()))


def test_seconds_are_by_pixels_and_a_sound_takes_hardly_any() -> None:
    one, two = (seconds_of(segment(each, 1920, 1080)) for each in (5, 10))
    assert 3 < one < 4.5
    assert two - lane.PIECE_SECONDS == pytest.approx(2 * (one - lane.PIECE_SECONDS))
    assert seconds_of(SoundTask(48_000, ())) == lane.PIECE_SECONDS


def test_the_longest_segment_of_4k_is_waited_for_and_one_with_more_frames_is_fanned_out() -> None:
    longest = segment(SEGMENT_SECONDS, 3840, 2160)
    assert way_of_pieces([seconds_of(longest)] * 3) is Way.CALLED
    assert way_of_pieces([seconds_of(replace(longest, frames=600))]) is Way.FANNED_OUT


def test_it_names_functions_that_there_are_and_each_step_in_one_way() -> None:
    known = {*workflow.functions(), *makers.functions()}
    assert {*lane.PARTS, *lane.CALLED} <= known and lane.FUNCTION not in known
    assert {*lane.PARTS} >= {*workflow.functions()} - {"finish"}
    assert not lane.MADE_HERE & {*lane.CALLED}
