"""How long a render should take: by proportion to what is known, with words for what that is."""

from __future__ import annotations

import pytest
from resplice.core.estimate import AROUND_S, USUAL_NS_PER_PIXEL, estimate

PIXELS = 1920 * 1080


def test_where_nothing_has_to_be_rendered_only_the_steps_around_take_time() -> None:
    told = estimate([], [(25, 500)], PIXELS, 2)
    assert (told.seconds, told.basis) == (AROUND_S, "nothing has to be rendered")


def test_pieces_of_the_same_movie_say_how_long_its_others_take() -> None:
    told = estimate([100, 100], [(50, 1_000), (50, 3_000)], PIXELS, 1)
    assert told.seconds == AROUND_S + 200 * 0.04
    assert told.basis == "what 2 pieces of this movie took when they were rendered"


@pytest.mark.parametrize(("at_once", "frames"), [(1, 300), (2, 150), (3, 100), (40, 100)])
def test_pieces_are_rendered_side_by_side_and_the_longest_bounds_it(
    at_once: int, frames: int
) -> None:
    told = estimate([100, 100, 100], [(100, 1_000)], PIXELS, at_once)
    assert told.seconds == AROUND_S + frames / 100


def test_without_any_it_is_the_usual_rate_by_pixels() -> None:
    small, large = (estimate([1_000], [(0, 0)], pixels, 1) for pixels in (10_000, 1_000_000))
    assert large.seconds == round(AROUND_S + USUAL_NS_PER_PIXEL, 1)
    assert small.seconds < large.seconds and "as measured" in small.basis
