"""The command line of a poster: one frame, from where it begins, with the colours of a JPEG."""

from __future__ import annotations

from resplice.core.filtergraph import Invocation, poster_invocation
from resplice.core.pieces import PosterTask


def poster(frame: int, fps: int) -> Invocation:
    return poster_invocation(PosterTask("piece", frame, fps), {"piece": "/tmp/a piece"})


def test_it_seeks_to_the_frame_that_is_wanted_and_never_behind_it() -> None:
    (movie,) = poster(25, 10).inputs
    assert movie.origin == "/tmp/a piece" and movie.options == ("-ss", "2.500000")
    (movie,) = poster(20, 30).inputs
    assert movie.options == ("-ss", "0.666666")
    (movie,) = poster(0, 10).inputs
    assert movie.options == ()


def test_it_is_one_picture_that_says_nothing_of_who_made_it() -> None:
    words = poster(25, 10).argv
    assert words[words.index("-frames:v") + 1] == "1"
    assert words[words.index("-map_metadata") + 1] == "-1" and "+bitexact" in words
