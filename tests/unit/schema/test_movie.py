"""The movie's frame: sizes by name or by number, and every element with its path."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import ValidationError
from resplice.core.schema.movie import SIZES, Movie, Resolution, size_said


def movie(**said: Any) -> Movie:
    return Movie.model_validate({"scenes": [], **said})


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ({}, (640, 360)),
        ({"width": 101, "height": 75}, (100, 74)),
        ({"resolution": "Full-HD"}, (1920, 1080)),
        ({"resolution": "full-hd", "width": 100}, (1920, 1080)),
        ({"resolution": "custom", "width": 100}, (100, 360)),
    ],
)
def test_the_frame_has_even_sides(said: dict[str, Any], size: tuple[int, int]) -> None:
    assert movie(**said).size() == size


PRESETS = {
    **{"sd": (640, 360), "hd": (1280, 720), "full-hd": (1920, 1080), "squared": (1080, 1080)},
    **{"instagram-story": (1080, 1920), "instagram-feed": (1080, 1080)},
    **{"instagram-portrait": (1080, 1920), "twitter-landscape": (1600, 900)},
    **{"twitter-portrait": (1080, 1350), "custom": (640, 360)},
}
"""As the format has them; its guides take instagram-portrait for a story."""


@pytest.mark.parametrize("name", get_args(Resolution))
def test_a_resolution_is_as_large_as_the_format_says(name: str) -> None:
    assert movie(resolution=name).size() == PRESETS[name]


def test_every_resolution_has_a_size() -> None:
    assert {*SIZES, "custom"} == {*get_args(Resolution)}
    assert all(width % 2 == height % 2 == 0 for width, height in SIZES.values())


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ({}, (640, 360)),
        ({"width": "1080"}, (1080, 360)),
        ({"width": 51, "height": None, "resolution": "custom"}, (51, 360)),
        ({"resolution": "Full-HD", "width": 5}, (1920, 1080)),
        ({"resolution": "{{format}}"}, None),
        ({"resolution": 7}, None),
        ({"width": "{{w}}"}, None),
        *(({"width": odd}, None) for odd in (-1, 1.5, "٣", [], "1" * 9, True)),
    ],
)
def test_the_size_that_an_unfinished_document_says(
    said: dict[str, Any], size: tuple[int, int] | None
) -> None:
    assert size_said(said) == size


def test_elements_come_in_the_documents_order_scenes_first() -> None:
    text = {"type": "text", "text": "Ann"}
    whole = movie(elements=[text], scenes=[{"elements": [text, text]}, {}, {"elements": [text]}])
    assert [path for path, _ in whole.each_element()] == [
        ("scenes", 0, "elements", 0),
        ("scenes", 0, "elements", 1),
        ("scenes", 2, "elements", 0),
        ("elements", 0),
    ]


@pytest.mark.parametrize(
    "said",
    [
        *({"fps": 0}, {"fps": 121}, {"width": 49}, {"height": 3841}, {"quality": "best"}),
        *({"scenes": None}, {"scenes": [{"transition": {"style": "blink"}}]}),
    ],
)
def test_what_cannot_be_rendered_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        movie(**said)


SUBTITLES = {"type": "subtitles"}
TEXT = {"type": "text", "text": "Ann"}


def counting(whole: Movie) -> list[Any]:
    return [path for path, element in whole.each_element() if element.type == "subtitles"]


def test_of_subtitles_the_movies_own_count_before_those_of_scenes() -> None:
    scenes = [{"elements": [TEXT, SUBTITLES]}, {"elements": [SUBTITLES, TEXT]}]
    own = movie(scenes=scenes, elements=[TEXT, SUBTITLES, SUBTITLES])
    assert counting(own) == [("elements", 1)]
    assert list(own.displaced()) == [
        (("scenes", 0, "elements", 1), ("elements", 1)),
        (("scenes", 1, "elements", 0), ("elements", 1)),
        (("elements", 2), ("elements", 1)),
    ]
    assert len(list(own.each_element())) == 4 and len(list(own.every_element())) == 7


def test_without_any_the_first_in_a_scene_counts() -> None:
    first = movie(
        scenes=[{"elements": [TEXT]}, {"elements": [SUBTITLES]}, {"elements": [SUBTITLES]}]
    )
    assert counting(first) == [("scenes", 1, "elements", 0)]
    displaced = list(first.displaced())
    assert displaced == [(("scenes", 2, "elements", 0), ("scenes", 1, "elements", 0))]


def test_of_other_types_all_count() -> None:
    many = movie(scenes=[{"elements": [TEXT, TEXT]}], elements=[TEXT])
    assert len(list(many.each_element())) == 3 and list(many.displaced()) == []
