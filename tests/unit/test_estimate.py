"""How long a render should take: by proportion to what is known, with words for what that is."""

from __future__ import annotations

import pytest
from resplice.core.estimate import (
    AROUND_S,
    CORES,
    USUAL_NS_PER_PIXEL,
    Earlier,
    Machine,
    Measured,
    around,
    estimate,
)

PIXELS = 1920 * 1080
CLIP, TEXT = ("file moving",), ("file",)
OWN = Machine(40, is_shared=False)
TWO_CORES = Machine(2)


def pieces(*frames: int, kinds: tuple[str, ...] = CLIP) -> list[Measured]:
    return [Measured(each, kinds) for each in frames]


def made(took_ms: int, kinds: tuple[str, ...] = CLIP, scene: int = 9, beside: int = 1) -> Measured:
    return Measured(100, kinds, scene, took_ms, beside)


def test_where_nothing_has_to_be_rendered_only_the_steps_around_take_time() -> None:
    told = estimate([], [made(500)], PIXELS, OWN)
    assert (told.seconds, told.basis) == (AROUND_S, "nothing has to be rendered")


def test_pieces_of_the_same_movie_say_how_long_its_others_take() -> None:
    told = estimate(pieces(200), [made(1_000), made(3_000)], PIXELS, OWN)
    assert told.seconds == AROUND_S + 200 * 0.02
    assert told.basis == "what 2 pieces of this movie took when they were rendered"


@pytest.mark.parametrize(("at_once", "frames"), [(1, 300), (2, 150), (3, 100), (40, 100)])
def test_pieces_are_rendered_side_by_side_and_the_longest_bounds_it(
    at_once: int, frames: int
) -> None:
    told = estimate(pieces(100, 100, 100), [made(1_000)], PIXELS, Machine(at_once, is_shared=False))
    assert told.seconds == AROUND_S + frames / 100


def test_what_is_alike_tells_more_than_what_is_not_and_the_scene_itself_most() -> None:
    known = [made(8_000), made(1_000, TEXT), made(3_000, TEXT, scene=0)]

    def foreseen(kinds: tuple[str, ...], scene: int) -> float:
        return estimate([Measured(100, kinds, scene)], known, PIXELS, OWN).seconds - AROUND_S

    assert foreseen(TEXT, 0) == 3 and foreseen(TEXT, 5) == 2, "itself; the mean of the alike"
    assert foreseen(CLIP, 5) == 8 and foreseen(("sheet",), 5) == 4, "the mean of all"


def test_who_shares_a_machine_takes_longer_than_alone() -> None:
    beside = [made(3_000, beside=6)]
    assert estimate(pieces(100), beside, PIXELS, TWO_CORES).seconds == AROUND_S + 3 / CORES
    assert estimate(pieces(100, 100), beside, PIXELS, TWO_CORES).seconds == AROUND_S + 3
    assert estimate(pieces(100), [made(3_000)], PIXELS, TWO_CORES).seconds == AROUND_S + 3
    unknown = [made(3_000, beside=0)]
    assert estimate(pieces(100), unknown, PIXELS, TWO_CORES).seconds == AROUND_S + 3 / CORES
    assert Machine(8).slowed(2) == 1 and Machine(8).slowed(8) == 2 and Machine(1).slowed(1) == 1


def test_without_any_it_is_the_usual_rate_by_pixels() -> None:
    small, large = (estimate(pieces(1_000), [Measured(0)], px, OWN) for px in (10_000, 1_000_000))
    assert large.seconds == round(AROUND_S + USUAL_NS_PER_PIXEL, 1)
    assert small.seconds < large.seconds and "as measured" in small.basis


def test_what_is_done_around_it_is_what_the_render_before_took_for_that() -> None:
    before = Earlier({"elements": 800, "plan": 100, "scenes": 5_000, "movie": 300}, 6_500, made=4)
    assert around(before, 1) == pytest.approx(0.9)
    assert around(before, 9) == pytest.approx(1.5), "more than it made is not known"
    assert around(None, 1) == around(Earlier({}, 100, 0), 1) == AROUND_S
