"""Cuts: all frames once and in order, what stands still in few, and never many more key frames."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.cuts import FEWEST, Cut, cuts
from resplice.core.pieces import GROUP_SECONDS, SEGMENT_SECONDS, STANDING_GROUP_SECONDS

Spans = list[tuple[int, int]]


def cut(first: int, end: int, fps: int, moves: Spans, changes: tuple[int, ...] = ()) -> list[Cut]:
    """Of frames in which something moves in those spans, and something else is seen from those
    changes on.
    """

    def stands(begin: int, stop: int) -> bool:
        return not any(one < stop and other > begin for one, other in moves)

    edges = [edge for span in moves for edge in span]
    return list(cuts(first, end, fps, [*edges, *changes], stands))


@pytest.mark.parametrize(
    ("seconds", "fps", "moves", "wanted"),
    [
        (6, 30, [], [(0, 60, 3)]),
        (5, 30, [], [(0, 50, 3)]),
        (5, 25, [], [(0, 61, 2), (122, 125, 1)]),
        (60, 30, [], [(0, 60, 30)]),
        (2, 30, [], [(0, 60, 1)]),
        (6, 30, [(0, 180)], [(0, 180, 1)]),
        (25, 10, [(0, 250)], [(0, 100, 1), (100, 200, 1), (200, 250, 1)]),
        (6, 30, [(0, 15)], [(0, 18, 1), (18, 99, 2)]),
        (10, 30, [(0, 15), (285, 300)], [(0, 15, 1), (15, 105, 3), (285, 300, 1)]),
        (20, 30, [(240, 300)], [(0, 60, 4), (240, 300, 1), (300, 360, 5)]),
        (60, 30, [(0, 1), (1799, 1800)], [(0, 6, 1), (6, 70, 28), (1798, 1800, 1)]),
    ],
)
def test_what_stands_still_is_encoded_once(
    seconds: int, fps: int, moves: Spans, wanted: list[tuple[int, int, int]]
) -> None:
    found = cut(0, seconds * fps, fps, moves)
    assert [(each.first, each.end, each.times) for each in found] == wanted


def test_a_change_parts_what_stands_before_from_what_stands_after() -> None:
    one, other = cut(0, 240, 30, [], (120,))
    assert (one, other) == (Cut(0, 60, 2, stands=True), Cut(120, 180, 2, stands=True))


def test_so_many_key_frames_that_a_file_grows_are_not_worth_it() -> None:
    assert cut(0, 180, 30, [(0, 15), (165, 180)]) == [Cut(0, 180)]


def test_what_moves_is_cut_at_fixed_places_but_never_into_a_single_frame() -> None:
    found = cut(0, 500, 25, [(0, 99), (249, 500)])
    assert [(each.first, each.end, each.times) for each in found] == [
        *((0, 99, 1), (99, 174, 2), (249, 251, 1), (251, 500, 1))
    ]


def test_three_frames_that_move_about_a_fixed_place_are_one_segment() -> None:
    found = cut(303, 482, 20, [], (106, 142, 399))
    assert [(each.first, each.end) for each in found] == [(303, 351), (399, 402), (402, 442)]


def test_an_edit_of_one_stretch_is_none_of_those_after_it() -> None:
    plain, faded = (cut(0, 831, 25, [*fade, (282, 674)]) for fade in ([], [(0, 9)]))
    later = [each for each in plain if each.first >= 282]
    assert later == [each for each in faded if each.first >= 282] and later[0].first == 282


@st.composite
def scenes(draw: st.DrawFn) -> tuple[int, int, int, Spans, tuple[int, ...]]:
    fps = draw(st.integers(1, 60))
    end = draw(st.integers(1, 40 * fps))
    frame = st.integers(0, end)
    spans = draw(
        st.lists(st.tuples(frame, frame).map(lambda two: (min(two), max(two))), max_size=3)
    )
    return draw(st.integers(0, end - 1)), end, fps, spans, tuple(draw(st.lists(frame, max_size=3)))


@given(scenes())
def test_every_frame_is_in_one_cut(scene: tuple[int, int, int, Spans, tuple[int, ...]]) -> None:
    first, end, fps, moves, changes = scene
    at = first
    for each in cut(first, end, fps, moves, changes):
        assert each.first == at < each.end and each.times >= 1
        longest = STANDING_GROUP_SECONDS if each.stands else SEGMENT_SECONDS
        assert each.end - each.first <= longest * fps
        inside = range(each.first + 1, each.after)
        if each.stands:
            assert not any(one < each.after and other > each.first for one, other in moves)
            assert not any(change in inside for change in changes)
        at = each.after
    assert at == end


@given(scenes())
def test_no_file_grows_and_no_two_key_frames_follow_each_other(
    scene: tuple[int, int, int, Spans, tuple[int, ...]],
) -> None:
    """Of a stretch: no more key frames than there are at fixed distances, but one where what is
    left over is by itself, and one where what moves was cut in two.
    """
    first, end, fps, moves, changes = scene
    found, group = cut(first, end, fps, moves, changes), GROUP_SECONDS * fps
    if any(each.stands for each in found):
        keys = sum(c.times if c.stands else -(-(c.end - c.first) // group) for c in found)
        stretches = sum(each.stands for each in found)
        fixed = 1 + (end - first) // (SEGMENT_SECONDS * fps)
        assert keys <= -(-(end - first) // group) + stretches + 2 * fixed
        # A segment of one frame is only where a scene ends.
        assert all(c.end - c.first >= FEWEST or c.end == end for c in found)
