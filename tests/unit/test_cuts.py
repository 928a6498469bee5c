"""Cuts: all frames once and in order, what stands still apart, and never many more key frames."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.cuts import FEWEST, STANDS_SECONDS, Cut, cuts
from resplice.core.pieces import GROUP_SECONDS, SEGMENT_SECONDS

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
        (6, 30, [], "stands to 180"),
        (1, 30, [], "stands to 30"),
        (3600, 30, [], "stands to 108000"),
        (6, 30, [(0, 180)], "moves to 180"),
        (25, 10, [(0, 250)], "moves to 100, moves to 200, moves to 250"),
        (6, 30, [(0, 15)], "moves to 15, stands to 180"),
        (10, 30, [(0, 15), (285, 300)], "moves to 15, stands to 285, moves to 300"),
        (20, 30, [(240, 300)], "stands to 240, moves to 300, stands to 600"),
        (60, 30, [(0, 1), (1799, 1800)], "moves to 2, stands to 1798, moves to 1800"),
        (5, 30, [(0, 15), (100, 150)], "moves to 150"),
        (5, 30, [(0, 15), (140, 143)], "moves to 15, stands to 140, moves to 150"),
    ],
)
def test_what_stands_still_is_cut_apart(seconds: int, fps: int, moves: Spans, wanted: str) -> None:
    found = cut(0, seconds * fps, fps, moves)
    said = [f"{'stands' if each.stands else 'moves'} to {each.end}" for each in found]
    assert ", ".join(said) == wanted


def test_a_change_parts_what_stands_before_from_what_stands_after() -> None:
    one, other = cut(0, 240, 30, [], (120,))
    assert (one, other) == (Cut(0, 120, stands=True), Cut(120, 240, stands=True))


def test_what_is_by_itself_anyway_stands_however_short_it_is() -> None:
    found = cut(0, 200, 30, [], (180,))
    assert found == [Cut(0, 180, stands=True), Cut(180, 200, stands=True)]
    assert cut(0, 200, 30, [], (180, 190)) == [Cut(0, 180, stands=True), Cut(180, 200)]


def test_what_moves_is_cut_at_fixed_places_but_never_into_a_single_frame() -> None:
    found = cut(0, 500, 25, [(0, 99), (249, 500)])
    assert [(each.first, each.end) for each in found] == [
        *((0, 99), (99, 249), (249, 251), (251, 500))
    ]


def test_three_frames_that_move_about_a_fixed_place_are_one_segment() -> None:
    found = cut(303, 482, 20, [(399, 402)])
    assert [(each.first, each.end) for each in found] == [(303, 399), (399, 402), (402, 482)]


def test_what_is_left_of_a_stretch_is_no_single_frame() -> None:
    assert cut(0, 5, 1, [(0, 1), (4, 5)]) == [Cut(0, 5)]


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
        assert each.first == at < each.end
        if each.stands:
            assert not any(one < each.end and other > each.first for one, other in moves)
            assert not any(each.first < change < each.end for change in changes)
        else:
            assert each.end - each.first <= SEGMENT_SECONDS * fps
        at = each.end
    assert at == end


@given(scenes())
def test_no_two_key_frames_follow_each_other(
    scene: tuple[int, int, int, Spans, tuple[int, ...]],
) -> None:
    """And of those that stand apart there is one more at most, after them."""
    first, end, fps, moves, changes = scene
    found = cut(first, end, fps, moves, changes)
    # A segment of one frame is only where a scene has no more.
    assert all(each.end - each.first >= FEWEST or end - first == 1 for each in found)
    apart = [
        each for each in found if each.stands and each.end - each.first >= STANDS_SECONDS * fps
    ]
    fixed = 1 + (end - first) // (SEGMENT_SECONDS * fps)
    assert len(found) <= 2 * len(apart) + 1 + 2 * fixed
    assert GROUP_SECONDS < STANDS_SECONDS, "or as many key frames lie in what stands as it had"
