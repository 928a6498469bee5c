"""Seconds on the frame grid: exact, nearest, halves up, no error that adds up."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate

import pytest
from resplice.core.frame_grid import (
    Span,
    at_least_a_frame,
    exact,
    frames_of,
    of_microseconds,
    spans,
)


@pytest.mark.parametrize(
    ("seconds", "frames"),
    [(0, 0), (0.01, 0), (0.02, 1), (0.019, 0), (0.5, 13), (0.3, 8), (1.02, 26), (1.0199, 25)],
)
def test_seconds_are_the_nearest_frames_halves_up(seconds: float, frames: int) -> None:
    assert frames_of(seconds, 25) == frames_of(exact(seconds), 25) == frames


def test_what_is_a_half_but_for_noise_is_one() -> None:
    half = 2.5 / 120
    assert exact(half) * 120 != Fraction(5, 2)
    assert frames_of(half, 120) == frames_of(exact(half), 120) == 3


def test_numbers_are_what_is_written() -> None:
    assert exact(0.1) + exact(0.2) == exact(0.3)
    assert exact(1e-05) == Fraction(1, 100_000)
    assert exact(7) == 7
    assert of_microseconds(1_500_000) == Fraction(3, 2)


def test_nothing_is_shorter_than_a_frame() -> None:
    assert at_least_a_frame(Fraction(1, 100), 25) == Fraction(1, 25)
    assert at_least_a_frame(Fraction(1, 2), 25) == Fraction(1, 2)


def laid(*scenes: tuple[float, float], fps: int = 25) -> list[Span]:
    return list(spans(((exact(length), exact(overlap)) for length, overlap in scenes), fps))


def test_a_scene_has_a_frame_more_or_less_by_its_place() -> None:
    assert laid((1.02, 0), (1.02, 0)) == [Span(26, 0), Span(25, 0)]
    assert laid((2, 0), (2, 0.5), (2, 0.5)) == [Span(50, 0), Span(50, 12), Span(50, 13)]
    assert laid((2, 0), (2, 0.4), (2, 0.4)) == [Span(50, 0), Span(50, 10), Span(50, 10)]


def test_ten_thousand_tenths_do_not_drift() -> None:
    """A tenth is three frames and a third of 33."""
    placed = laid(*[(0.1, 0)] * 10_000, fps=33)
    ends = list(accumulate(span.frames for span in placed))
    assert ends[9::10] == [33 * second for second in range(1, 1001)]
    assert {span.frames for span in placed} == {3, 4}


def test_a_scene_of_a_frame_has_one_in_every_place() -> None:
    assert [span.frames for span in laid((0.053, 0), *[(0.04, 0)] * 50)] == [1] * 51
