"""How long everything lasts, before anything is placed on the frame grid."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from resplice.core.composition import Canvas
from resplice.core.elements.outcome import Surroundings
from resplice.core.facts import MediaFacts
from resplice.core.lengths import Lengths, Playback, lengths_of, playback_of
from resplice.core.schema.validation import validate

CANVAS = Canvas(640, 360, 10)
SOUND = MediaFacts("a" * 64, 9, "audio", "mp3", duration_us=2_340_000, has_audio=True)
FILM = MediaFacts("b" * 64, 9, "video", "mov", 64, 48, 3_000_000, has_audio=True)
SONG = {"type": "audio", "src": "https://e.example/a.mp3"}
CLIP = {"type": "video", "src": "https://e.example/b.mp4"}
PHOTO = {"type": "image", "src": "https://e.example/c.png"}
TEXT = {"type": "text", "text": "a"}
WAVE = {"type": "audiogram"}
AFTER = {"start": -1}


def lengths(document: dict[str, Any]) -> Lengths:
    movie = validate({"fps": 10, **document})
    known = {
        path: SOUND if element.type == "audio" else FILM
        for path, element in movie.each_element()
        if element.type in ("audio", "video")
    }
    return lengths_of(movie, known, CANVAS)


def of_scene(*elements: dict[str, Any], **more: Any) -> Fraction:
    (length_s,) = lengths({"scenes": [{"elements": list(elements), **more}]}).scenes_s
    return length_s


def windows(
    *elements: dict[str, Any], of_movie: bool = False, **scene: Any
) -> list[tuple[float, float, float]]:
    """(begins, ends, is seen until) of each element in its container."""
    own = {"elements": list(elements)}
    document = {"scenes": [scene], **own} if of_movie else {"scenes": [{**own, **scene}]}
    found = lengths(document)
    container_s = found.movie_s if of_movie else found.scenes_s[0]
    stays = [found.stays[path] for path in sorted(found.stays)]
    return [
        (*map(float, stay.window(container_s)), float(stay.seen_until(container_s)))
        for stay in stays
    ]


@pytest.mark.parametrize(
    ("elements", "seconds"),
    [
        ([SONG], "2.34"),
        ([{**SONG, "start": 1, "extra-time": 0.5}], "3.84"),
        ([{**SONG, "loop": 2}], "4.68"),
        ([{**SONG, "loop": -1}], "2.34"),
        ([{**SONG, "loop": -1}, {**PHOTO, "duration": 9}], "9"),
        ([{**SONG, "loop": -1, "duration": -2}, {**PHOTO, "duration": 9}], "9"),
        ([{**SONG, "seek": 2}], "0.34"),
        ([{**SONG, "seek": -2}], "2"),
        ([{**SONG, "seek": -20}], "2.34"),
        ([{**SONG, "duration": -2}], "5"),
        ([{**SONG, "duration": 4}], "4"),
        ([{**TEXT, "duration": 1.5}], "1.5"),
        ([SONG, {**TEXT, "start": 1, "extra-time": 7}], "2.34"),
        ([SONG, {**PHOTO, "extra-time": 7}], "2.34"),
        ([SONG, {**WAVE, "duration": -1}], "2.34"),
        ([{**TEXT, "duration": 1}, {**TEXT, "duration": 2, **AFTER}], "3"),
        ([CLIP, {**CLIP, **AFTER}, {**SONG, **AFTER}], "8.34"),
    ],
)
def test_a_scene_lasts_as_its_elements_say(elements: list[dict[str, Any]], seconds: str) -> None:
    assert of_scene(*elements) == Fraction(seconds)
    assert of_scene(*elements, duration=0.7) == Fraction(7, 10)


INTROS = {"001": 5, "002": 5, "003": 10, "004": 5, "005": 5, "006": 5, "007": 5, "008": 5}
INTROS |= {"009": 5, "010": 5, "011": 5}


@pytest.mark.parametrize(("style", "seconds"), INTROS.items())
def test_texts_are_as_long_as_their_scene_or_by_themselves_as_their_animation(
    style: str, seconds: int
) -> None:
    text = {**TEXT, "style": style}
    assert of_scene(text) == of_scene({**text, "duration": -2}) == seconds
    assert of_scene({**text, "start": 2}) == 2 + seconds
    assert of_scene(text, SONG) == Fraction("2.34")
    own = {**text, "duration": -1}
    if style == "001":
        assert of_scene(own, SONG) == Fraction("2.34"), "it has no animation"
        assert windows(own, duration=30) == [(0, 30, 30)]
    else:
        assert of_scene(own, SONG) == seconds
        assert windows(own, duration=30) == [(0, seconds, seconds)]
        assert lengths({"scenes": [{"duration": 1}], "elements": [own]}).own_s == seconds


def test_nothing_lasts_five_seconds() -> None:
    assert of_scene() == of_scene(PHOTO) == of_scene(WAVE) == of_scene({**TEXT, **AFTER}) == 5


@pytest.mark.parametrize("of_movie", [False, True])
def test_what_begins_at_the_end_begins_behind_all_that_is_before_it(of_movie: bool) -> None:
    """In the list; what has no length counts for nothing, and what lingers is waited for."""
    after = windows(
        {**CLIP, "duration": 2},
        {**SONG, **AFTER},
        {**PHOTO, "duration": -2},
        {**PHOTO, **AFTER, "duration": 1, "extra-time": 0.5},
        {**SONG, "duration": 1},
        {**TEXT, **AFTER, "duration": -2},
        {**SONG, **AFTER},
        of_movie=of_movie,
        duration=1 if of_movie else -1,
    )
    end = 2 + 2.34 + 1.5 + 2.34
    wanted = [
        *((0, 2, 2), (2, 4.34, 4.34), (0, end, end), (4.34, 5.34, 5.84), (0, 1, 1)),
        *((5.84, end, end), (5.84, end, end)),
    ]
    assert [pytest.approx(each) for each in after] == wanted


def test_what_begins_at_the_end_is_cut_by_a_scene_that_is_shorter() -> None:
    assert windows(CLIP, {**CLIP, **AFTER}, duration=4) == [(0, 3, 3), (3, 4, 4)]


@pytest.mark.parametrize(
    ("said", "scene_s", "window"),
    [
        ({}, 9, (0, 3, 3)),
        ({"extra-time": 1}, 9, (0, 3, 4)),
        ({"extra-time": 1}, -1, (0, 3, 4)),
        ({"duration": 2, "extra-time": 1}, -1, (0, 2, 3)),
        ({"duration": 4}, -1, (0, 3, 3)),
        ({"duration": 4, "extra-time": 1}, -1, (0, 3, 5)),
        ({"duration": -2, "extra-time": 1}, 9, (0, 3, 4)),
        ({"duration": 8, "extra-time": 5}, 3.5, (0, 3, 3.5)),
        ({"loop": -1, "duration": -1}, 9, (0, 9, 9)),
        ({"loop": -1, "duration": 7, "extra-time": 1}, 9, (0, 7, 8)),
        ({"loop": 2}, 9, (0, 6, 6)),
    ],
)
def test_a_clip_is_there_while_it_plays_and_lingers(
    said: dict[str, Any], scene_s: float, window: tuple[float, float, float]
) -> None:
    assert windows({**CLIP, **said}, duration=scene_s) == [window]


def test_a_loop_that_nothing_ends_plays_once() -> None:
    document = {"scenes": [{"elements": [{**CLIP, "loop": -1}]}], "fps": 10}
    path, movie = ("scenes", 0, "elements", 0), validate(document)
    stay = lengths(document).stays[path]
    around = Surroundings(CANVAS, path, {path: FILM})
    element = movie.scenes[0].elements[0]
    assert stay.once and playback_of(element, around, stay) == Playback(0, 3_000_000, 1)
    over = {"scenes": [{"duration": 10}], "elements": [{**SONG, "loop": -1}]}
    assert lengths(over).stays[("elements", 0)].once, "a movie has no length of its own"
    assert lengths(over).movie_s == 10


def test_a_movie_is_the_sum_of_its_scenes_without_their_overlaps() -> None:
    fade = {"style": "fade", "duration": 0.5}
    found = lengths({"scenes": [{"duration": 2}, {"duration": 3, "transition": fade}]})
    assert (found.movie_s, found.frames, found.own_s) == (Fraction(9, 2), 45, None)
    assert [span.overlap for span in found.spans] == [0, 5]
