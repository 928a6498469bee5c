"""A scene of a movie as a movie of its own: with what it is blended with, and facts by path."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.excerpt import excerpt, is_excerptible, scene_of
from resplice.core.facts import MediaFacts
from resplice.core.schema.movie import Movie
from resplice.core.schema.validation import validate

FADE = {"transition": {"style": "fade", "duration": 0.5}}
TEXT = {"type": "text", "text": "over"}


def movie(*scenes: dict[str, Any], **more: Any) -> Movie:
    return validate(
        {"scenes": [{"duration": 2, "comment": n, **s} for n, s in enumerate(scenes)], **more}
    )


@pytest.mark.parametrize(
    ("scene", "there", "place"), [(0, [0], 0), (1, [1, 2], 0), (2, [1, 2], 1), (3, [3], 0)]
)
def test_those_that_it_is_blended_with_are_in_it(scene: int, there: list[int], place: int) -> None:
    own = excerpt(movie({}, {}, FADE, {}), scene)
    assert ([each.comment for each in own.movie.scenes], own.scene) == (there, place)


def test_facts_are_by_the_paths_in_it() -> None:
    facts = MediaFacts("d", 1, "image", "png_pipe", 1, 1)
    of_scenes = {("scenes", n, "elements", 0, "mask"): facts for n in range(4)}
    own = excerpt(movie({}, {}, FADE, {}), 2)
    found = own.facts({**of_scenes, ("elements", 0): facts})
    assert [*found] == [("scenes", n, "elements", 0, "mask") for n in (0, 1)]


def test_a_movie_that_shows_something_over_its_scenes_has_none() -> None:
    music = {"type": "audio", "src": "https://e.com/a.mp3"}
    words = {"type": "subtitles"}
    assert is_excerptible(movie({"elements": [TEXT]}, elements=[music]))
    assert not is_excerptible(movie({}, elements=[TEXT]))
    assert not is_excerptible(movie({}, elements=[words]))
    assert not is_excerptible(movie({"elements": [words]}))


def test_what_is_of_the_movie_lies_in_no_scene() -> None:
    assert scene_of(("elements", 0)) is None and scene_of(("scenes", 3, "elements", 0)) == 3
