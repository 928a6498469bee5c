"""Where everything is in time and on the canvas, as a picture of the movie is to show it."""

from __future__ import annotations

from typing import Any

import pytest
from drawn import PLANNED, elements, made_up_facts
from hypothesis import given, settings
from hypothesis import strategies as st
from resplice.core.composition import Canvas
from resplice.core.facts import Facts, MediaFacts
from resplice.core.geometry import Placing, corner
from resplice.core.placed import Placement, placement
from resplice.core.schema.movie import Movie
from resplice.core.schema.validation import validate
from resplice.core.timeline import timeline

FILM = MediaFacts("b" * 64, 9, "video", "mov", 64, 48, 3_000_000, has_audio=True)
SONG = MediaFacts("a" * 64, 9, "audio", "mp3", duration_us=2_340_000, has_audio=True)
PHOTO = MediaFacts("c" * 64, 9, "image", "png_pipe", 40, 30)
KNOWN = {"video": FILM, "audio": SONG, "image": PHOTO}
IMAGE = {"type": "image", "src": "https://e.example/a.png"}
CLIP = {"type": "video", "src": "https://e.example/b.mp4"}
SOUND = {"type": "audio", "src": "https://e.example/c.mp3"}


def read(document: dict[str, Any]) -> tuple[Movie, dict[Any, Facts]]:
    movie = validate({"width": 200, "height": 100, "fps": 10, **document})
    return movie, {path: KNOWN[element.type] for path, element in movie.each_element()}


def placed(*scenes: dict[str, Any], **more: Any) -> Placement:
    return placement(*read({"scenes": list(scenes), **more}))


def times(found: Placement) -> list[tuple[float, float]]:
    return [(element.start_s, element.end_s) for element in found.elements]


def fade(seconds: float) -> dict[str, Any]:
    return {"transition": {"style": "fade", "duration": seconds}}


def test_scenes_that_blend_share_seconds() -> None:
    found = placed({"duration": 2}, {"duration": 3, **fade(0.5)}, {"duration": 1}).scenes
    assert [(each.start_s, each.length_s, each.overlap_s) for each in found] == [
        (0, 2, 0),
        (1.5, 3, 0.5),
        (4.5, 1, 0),
    ]
    assert [each.style for each in found] == ["", "fade", ""]
    assert [each.path for each in found] == [("scenes", n) for n in range(3)]


def test_elements_are_told_in_seconds_of_the_movie() -> None:
    later = {**IMAGE, "start": 0.5, "duration": 1}
    found = placed({"duration": 2, "elements": [later]}, {"duration": 3, "elements": [later]})
    assert times(found) == [(0.5, 1.5), (2.5, 3.5)]


def test_what_starts_at_minus_one_begins_when_those_before_it_have_ended() -> None:
    after = {**IMAGE, "start": -1, "duration": 1}
    assert times(placed({"elements": [CLIP, after, {**SOUND, "start": -1}]})) == [
        (0, 3),
        (3, 4),
        (4, 6.34),
    ]


def test_extra_time_is_seen_until_it_is_over_or_the_scene_is() -> None:
    held = {**CLIP, "duration": 1, "extra-time": 0.5}
    assert times(placed({"elements": [held]})) == [(0, 1.5)]
    assert times(placed({"duration": 1.2, "elements": [held]})) == [(0, 1.2)]


def test_elements_of_the_movie_last_as_long_as_all_scenes_or_longer() -> None:
    found = placed({"duration": 1}, {"duration": 1, **fade(0.5)}, elements=[IMAGE, SOUND])
    assert times(found) == [(0, 2.34), (0, 2.34)]
    assert times(placed({"duration": 4}, elements=[IMAGE])) == [(0, 4)]


def test_what_its_scene_ends_before_is_never_there() -> None:
    assert times(placed({"duration": 1}, {"duration": 1, "elements": [{**IMAGE, "start": 3}]})) == [
        (4, 4)
    ]


@pytest.mark.parametrize("position", ["custom", "top-left", "center-center", "bottom-right"])
@pytest.mark.parametrize(("x", "y"), [(0, 0), (7, -3)])
@pytest.mark.parametrize("size", [(-1, -1), (80, -1), (20, 60)])
def test_boxes_are_where_geometry_draws(
    position: str, x: int, y: int, size: tuple[int, int]
) -> None:
    shape = {"width": size[0], "height": size[1], "position": position, "x": x, "y": y}
    (element,) = placed({"elements": [{**IMAGE, **shape, "duration": 1}]}).elements
    wide, high = {(-1, -1): (40, 30), (80, -1): (80, 60), (20, 60): (20, 60)}[size]
    at = corner(Placing(position, x, y, size, None), (wide, high), Canvas(200, 100, 10))
    assert element.box == (*at, wide, high)


def test_what_is_heard_and_what_is_seen_are_told_apart() -> None:
    found = placed(
        {"duration": 1, "elements": [SOUND, CLIP, IMAGE, {**CLIP, "muted": True, "z-index": 3}]}
    ).elements
    assert [bool(each.box) for each in found] == [False, True, True, True]
    assert [each.heard for each in found] == [True, True, False, False]
    assert [each.z_index for each in found] == [0, 0, 0, 3]
    assert [each.type for each in found] == ["audio", "video", "image", "video"]


anything = st.lists(elements(PLANNED), max_size=3)
scenes = st.fixed_dictionaries(
    {"elements": anything},
    optional={
        "duration": PLANNED.lengths,
        "transition": st.fixed_dictionaries({"duration": PLANNED.seconds}),
    },
)


@settings(deadline=None, max_examples=25)
@given(st.lists(scenes, min_size=1, max_size=4), anything, st.sampled_from([1, 25, 60]))
def test_all_of_any_movie_is_where_its_timeline_has_it(
    parts: list[dict[str, Any]], layers: list[dict[str, Any]], fps: int
) -> None:
    movie = validate({"fps": fps, "scenes": parts, "elements": layers})
    facts = made_up_facts(movie)
    line, found = timeline(movie, facts), placement(movie, facts)
    for scene, start, told in zip(line.scenes, line.starts(), found.scenes, strict=False):
        assert abs(told.start_s * fps - start) <= 1
        assert abs(told.length_s * fps - scene.frames) <= 1
        own = [each for each in found.elements if each.path[:2] == told.path and each.box]
        for layer in scene.layers:
            box = (layer.look.x, layer.look.y, *layer.look.size)
            assert any(
                each.box == box
                and each.z_index == layer.z_index
                and abs((each.start_s - told.start_s) * fps - layer.start) <= 1
                and abs((each.end_s - told.start_s) * fps - layer.end) <= 1
                for each in own
            ), (box, own)
    assert [each.path for each in found.scenes] == [("scenes", n) for n in range(len(parts))]
    assert [each.path for each in found.elements] == [path for path, _ in movie.each_element()]
