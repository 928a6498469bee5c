"""Which frame of a movie its poster shows."""

from __future__ import annotations

import pytest
from resplice.core.poster import poster_frame


@pytest.mark.parametrize(
    ("at_s", "frame"),
    [(None, 50), (0, 0), (0.039, 0), (0.04, 1), (1, 25), (3.96, 99), (4, 99), (9_999, 99)],
)
def test_a_poster_shows_the_moment_that_is_asked_for_or_the_last(
    at_s: float | None, frame: int
) -> None:
    assert poster_frame(at_s, 100, 25) == frame


def test_without_a_word_it_is_the_middle() -> None:
    assert [poster_frame(None, frames, 25) for frames in (1, 2, 3, 250)] == [0, 1, 1, 125]
