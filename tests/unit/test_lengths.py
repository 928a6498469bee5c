"""How long everything lasts, before anything is placed on the frame grid."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from resplice.core.composition import Canvas
from resplice.core.facts import MediaFacts
from resplice.core.lengths import lengths_of
from resplice.core.schema.validation import validate
from resplice.errors import Problem

CANVAS = Canvas(640, 360, 10)
SOUND = MediaFacts("a" * 64, 9, "audio", "mp3", duration_us=2_340_000, has_audio=True)
SONG = {"type": "audio", "src": "https://e.example/a.mp3"}
TEXT = {"type": "text", "text": "a"}
PLACE = ("scenes", 0, "elements", 0)


def lengths(document: dict[str, Any], problems: list[Problem] | None = None) -> Any:
    movie = validate({"fps": 10, **document})
    return lengths_of(movie, {PLACE: SOUND}, CANVAS, [] if problems is None else problems)


@pytest.mark.parametrize(
    ("scene", "seconds"),
    [
        ({"elements": [SONG]}, "2.34"),
        ({"elements": [{**SONG, "start": 1, "extra-time": 0.5}]}, "3.84"),
        ({"elements": [{**SONG, "loop": 2}]}, "4.68"),
        ({"elements": [{**SONG, "seek": 2}]}, "0.34"),
        ({"elements": [{**SONG, "duration": -2}]}, "5"),
        ({"elements": [{**TEXT, "start": 2}]}, "7"),
        ({"elements": [{**TEXT, "duration": 1.5}]}, "1.5"),
        ({"duration": 0.7, "elements": [SONG]}, "0.7"),
    ],
)
def test_a_scene_lasts_as_its_elements_say(scene: dict[str, Any], seconds: str) -> None:
    assert lengths({"scenes": [scene]}).scenes_s == [Fraction(seconds)]


def test_a_movie_is_the_sum_of_its_scenes_without_their_overlaps() -> None:
    fade = {"style": "fade", "duration": 0.5}
    found = lengths({"scenes": [{"duration": 2}, {"duration": 3, "transition": fade}]})
    assert (found.movie_s, found.frames, found.own_s) == (Fraction(9, 2), 45, None)
    assert [span.overlap for span in found.spans] == [0, 5]


def test_what_never_ends_is_a_problem_at_its_place() -> None:
    problems: list[Problem] = []
    lengths({"scenes": [{"elements": [{**SONG, "loop": -1}]}]}, problems)
    assert [problem.path for problem in problems] == ["scenes[0].elements[0].loop"]
