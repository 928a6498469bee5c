"""A view that travels: where it is at every age, and that it never leaves the picture."""

from __future__ import annotations

import pytest
from resplice.core.motion import Motion, view

ZOOM_IN = Motion(1, 2, 0, 1, 0.5, 0.5, life_frames=11)


def test_it_begins_and_ends_with_its_life() -> None:
    assert view(ZOOM_IN, 0) == (0, 0, 1, 1)
    assert view(ZOOM_IN, 10) == (0.5, 0.25, 1, 0.75)
    assert view(ZOOM_IN, 99) == view(ZOOM_IN, 10)


def test_scale_and_place_are_linear() -> None:
    left, top, right, bottom = view(ZOOM_IN, 5)
    assert right - left == bottom - top == pytest.approx(1 / 1.5)
    assert left == pytest.approx(0.5 * (1 - 1 / 1.5))
    assert top == pytest.approx(0.5 * (1 - 1 / 1.5))


def test_a_life_of_one_frame_is_at_its_start() -> None:
    assert view(Motion(1.5, 3, 0, 1, 0, 1, life_frames=1), 0)[:2] == (0, 0)


@pytest.mark.parametrize("age", range(0, 50, 7))
def test_it_stays_within_the_picture(age: int) -> None:
    sides = view(Motion(1.1, 4, 1, 0, 0, 1, life_frames=50), age)
    assert all(-1e-9 <= side <= 1 + 1e-9 for side in sides)
