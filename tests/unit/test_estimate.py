"""How long a render should take: by proportion to what is known, with words for what that is."""

from __future__ import annotations

import pytest
from resplice.core.estimate import (
    AROUND_S,
    CROWDED,
    USUAL_NS_PER_PIXEL,
    Earlier,
    Measured,
    around,
    estimate,
)

PIXELS = 1920 * 1080
CLIP, TEXT = ("file moving",), ("file",)


def pieces(*frames: int, kinds: tuple[str, ...] = CLIP) -> list[Measured]:
    return [Measured(each, kinds) for each in frames]


def test_where_nothing_has_to_be_rendered_only_the_steps_around_take_time() -> None:
    told = estimate([], [Measured(25, CLIP, 500, "a")], PIXELS, 2)
    assert (told.seconds, told.basis) == (AROUND_S, "nothing has to be rendered")


def test_pieces_of_the_same_movie_say_how_long_its_others_take() -> None:
    known = [Measured(50, CLIP, 1_000, "a"), Measured(50, CLIP, 3_000, "b")]
    told = estimate(pieces(100), known, PIXELS, 1)
    assert told.seconds == AROUND_S + 100 * 0.04
    assert told.basis == "what 2 pieces of this movie took when they were rendered"


@pytest.mark.parametrize(("at_once", "frames"), [(2, 150), (3, 100), (40, 100)])
def test_pieces_are_rendered_side_by_side_and_the_longest_bounds_it(
    at_once: int, frames: int
) -> None:
    beside = [Measured(100, CLIP, 1_000, "a"), Measured(100, CLIP, 1_000, "a")]
    told = estimate(pieces(100, 100, 100), beside, PIXELS, at_once)
    assert told.seconds == AROUND_S + frames / 100


def test_what_is_alike_tells_more_than_what_is_not() -> None:
    known = [Measured(100, CLIP, 8_000, "a"), Measured(100, TEXT, 1_000, "b")]
    assert estimate(pieces(100, kinds=TEXT), known, PIXELS, 1).seconds == AROUND_S + 1
    assert estimate(pieces(100, kinds=CLIP), known, PIXELS, 1).seconds == AROUND_S + 8
    assert estimate(pieces(100, kinds=("sheet",)), known, PIXELS, 1).seconds == AROUND_S + 4.5


def test_a_piece_alone_is_faster_than_beside_others() -> None:
    beside = [Measured(100, CLIP, 3_000, "a"), Measured(100, TEXT, 3_000, "a")]
    assert estimate(pieces(100), beside, PIXELS, 2).seconds == AROUND_S + 3 / CROWDED
    alone = [*beside, Measured(100, CLIP, 1_000, "b")]
    assert estimate(pieces(100), alone, PIXELS, 2).seconds == AROUND_S + 1
    only = [Measured(100, CLIP, 1_000, "b")]
    assert estimate(pieces(100, 100), only, PIXELS, 2).seconds == AROUND_S + CROWDED


def test_without_any_it_is_the_usual_rate_by_pixels() -> None:
    small, large = (estimate(pieces(1_000), [Measured(0)], px, 1) for px in (10_000, 1_000_000))
    assert large.seconds == round(AROUND_S + USUAL_NS_PER_PIXEL, 1)
    assert small.seconds < large.seconds and "as measured" in small.basis


def test_what_is_done_around_it_is_what_the_render_before_took_for_that() -> None:
    before = Earlier({"elements": 800, "plan": 100, "scenes": 5_000, "movie": 300}, 6_500, made=4)
    assert around(before, 1) == pytest.approx(0.9)
    assert around(before, 9) == pytest.approx(1.5), "more than it made is not known"
    assert around(None, 1) == around(Earlier({}, 100, 0), 1) == AROUND_S
