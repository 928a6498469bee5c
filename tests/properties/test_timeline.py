"""Any movie is cut into pieces that cover it once, each the same wherever its scene stands."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from resplice.core.composition import Layer
from resplice.core.facts import MediaFacts
from resplice.core.keys import Tools, segment_key, sound_key
from resplice.core.pieces import SAMPLE_RATE, SEGMENT_SECONDS, SegmentTask
from resplice.core.plan import Plan, plan
from resplice.core.schema.movie import TRANSITION_STYLES, Movie
from resplice.core.schema.validation import validate
from resplice.core.sources import elements
from resplice.core.timeline import timeline

TOOLS = Tools("ffmpeg", "resampler", "browser", "core")

seconds = st.floats(0, 30).map(lambda value: round(value, 3))
lengths = st.floats(0.01, 25).map(lambda value: round(value, 3))
shared = {
    "start": seconds,
    "duration": st.sampled_from([-1, -2]) | lengths,
    "extra-time": seconds,
    "fade-in": seconds,
    "fade-out": seconds,
}
seen = {
    "z-index": st.integers(-2, 2),
    "zoom": st.integers(-3, 3),
    "rotate": st.fixed_dictionaries({"angle": st.integers(-90, 90), "speed": seconds}),
}
played = {"seek": seconds, "loop": st.integers(0, 40), "muted": st.booleans()}
sources = st.sampled_from([f"https://e.com/{number}" for number in range(9)])


def element(kind: str, fields: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    least = {"type": st.just(kind), "src": sources}
    return st.fixed_dictionaries(least, optional=fields)


anything = st.one_of(
    element("image", shared | seen),
    element("video", shared | seen | played),
    element("audio", shared | played),
)
transitions = st.fixed_dictionaries(
    {"duration": seconds, "style": st.sampled_from(TRANSITION_STYLES)}
)
scenes = st.fixed_dictionaries(
    {"elements": st.lists(anything, max_size=3)},
    optional={
        "duration": st.just(-1) | lengths,
        "transition": transitions,
        "background-color": st.sampled_from(["transparent", "#102030"]),
    },
)
movies = st.fixed_dictionaries(
    {
        "scenes": st.lists(scenes, min_size=1, max_size=5),
        "fps": st.sampled_from([1, 7, 25, 30, 60]),
    },
    optional={"elements": st.lists(anything, max_size=2)},
)


def facts_of(source: str, kind: str) -> MediaFacts:
    """Made up from the URL alone."""
    digest = hashlib.sha256(f"{source} {kind}".encode()).hexdigest()
    number = int(source[-1])
    if kind == "image":
        moving = {"duration_us": 700_000, "demuxer": "gif"} if number > 6 else {}
        return MediaFacts(**{"digest": digest, "size_bytes": 9, "kind": "image", "width": 64,
                             "height": 48, "demuxer": "png_pipe"} | moving)  # fmt: skip
    lasting = {"duration_us": 37_000 + number * 1_700_003, "has_audio": number % 3 > 0}
    size = {"width": 64, "height": 48} if kind == "video" else {}
    lasting["has_audio"] |= kind == "audio"
    return MediaFacts(digest, 9, "video" if kind == "video" else "audio", "mov", **size, **lasting)


def planned(document: dict[str, Any]) -> Plan:
    movie = validate(document)
    return plan(timeline(movie, made_up(movie)), movie.quality)


def made_up(movie: Movie) -> dict[tuple[int | str, ...], MediaFacts]:
    return {path: facts_of(each.src, each.type) for path, each in elements(movie)}  # type: ignore[union-attr]


def layers(task: SegmentTask) -> list[Layer]:
    """All of a segment's, bottom first."""
    return [*task.picture.layers, *(task.into.layers if task.into else ()), *task.above]


@settings(deadline=None, max_examples=150)
@given(movies)
def test_segments_cover_the_movie_once(document: dict[str, Any]) -> None:
    cut = planned(document)
    frames, fps = cut.timeline.frames, cut.timeline.canvas.fps
    assert sum(segment.task.frames for segment in cut.segments) == frames
    assert frames >= fps
    starts, at = cut.timeline.starts(), 0
    for segment in cut.segments:
        scene = cut.timeline.scenes[segment.scene]
        first = at - starts[segment.scene]
        assert 0 < segment.task.frames <= max(SEGMENT_SECONDS * fps, scene.overlap)
        if segment.part == "transition":
            assert (first, segment.task.frames) == (0, scene.overlap)
        else:
            assert scene.overlap <= first < first + segment.task.frames <= scene.frames
        at += segment.task.frames


@settings(deadline=None, max_examples=100)
@given(movies)
def test_layers_lie_inside_their_segments(document: dict[str, Any]) -> None:
    for segment in planned(document).segments:
        for layer in layers(segment.task):
            assert 0 <= layer.first < layer.end <= segment.task.frames
            assert layer.age >= 0
            assert all(fade.frames > 0 and fade.start_frame >= 0 for fade in layer.fades)


@settings(deadline=None, max_examples=100)
@given(movies)
def test_transitions_lie_inside_both_scenes(document: dict[str, Any]) -> None:
    all_scenes = planned(document).timeline.scenes
    assert all_scenes[0].overlap == 0
    tails = [scene.overlap for scene in all_scenes[1:]] + [0]
    for scene, tail in zip(all_scenes, tails, strict=True):
        assert 0 <= scene.overlap <= scene.overlap + tail <= scene.frames
        assert bool(scene.overlap) == bool(scene.style)


@settings(deadline=None, max_examples=100)
@given(movies)
def test_samples_add_up(document: dict[str, Any]) -> None:
    cut = planned(document)
    assert sum(scene.samples - scene.overlap_samples for scene in cut.scenes) == cut.samples
    assert abs(cut.samples - cut.timeline.frames * SAMPLE_RATE / cut.timeline.canvas.fps) <= 0.5
    for scene in cut.scenes:
        assert 0 <= scene.overlap_samples <= scene.samples
        if scene.sound:
            assert scene.sound.samples >= scene.samples
            assert all(0 <= sound.first < sound.end for sound in scene.sound.sounds)


@settings(deadline=None, max_examples=50)
@given(movies)
def test_a_document_has_one_plan(document: dict[str, Any]) -> None:
    assert planned(document) == planned(document)


def keys_by_scene(cut: Plan, count: int) -> list[tuple[str, ...]]:
    """What each scene of the document is stored under."""
    return [
        (
            *(segment_key(s.task, TOOLS) for s in cut.segments if s.scene == index),
            *([sound_key(sound, TOOLS)] if (sound := cut.scenes[index].sound) else []),
        )
        for index in range(count)
    ]


still = {"type": "image", "src": "https://e.com/1", "duration": -2, "width": 9, "height": 9}
uncut = scenes.map(lambda scene: {k: v for k, v in scene.items() if k != "transition"})


@settings(deadline=None, max_examples=100)
@given(st.lists(uncut, min_size=2, max_size=5), st.randoms(use_true_random=False), st.booleans())
def test_a_scene_is_the_same_wherever_it_stands(
    parts: list[dict[str, Any]], dice: Any, watermark: bool
) -> None:
    moved = dice.sample(parts, len(parts))
    over = {"elements": [still, {**still, "z-index": -1}]} if watermark else {}
    before, after = (
        keys_by_scene(planned({"scenes": each, "fps": 25, **over}), len(parts))
        for each in (parts, moved)
    )
    assert Counter(before) == Counter(after)


@settings(deadline=None, max_examples=40)
@given(st.lists(uncut, min_size=1, max_size=3), transitions)
def test_a_transition_leaves_what_it_does_not_touch(
    parts: list[dict[str, Any]], transition: dict[str, Any]
) -> None:
    middle = {"duration": 1, "background-color": "#111111"}
    plain = [*parts, middle, {"duration": 40}]
    joined = [*parts, middle, {"duration": 40, "transition": transition}]
    first, second = (
        keys_by_scene(planned({"scenes": each}), len(parts)) for each in (plain, joined)
    )
    assert first == second


def test_a_transition_into_a_long_scene_leaves_its_later_segments() -> None:
    long = {"duration": 35, "background-color": "#111111", "elements": [still | {"zoom": 3}]}
    plain, joined = (
        keys_by_scene(planned({"scenes": [{"duration": 2}, long | more]}), 2)[1]
        for more in ({}, {"transition": {"duration": 1}})
    )
    assert len(set(plain)) == 4
    assert plain[1:] == joined[2:]


def test_a_scene_has_samples_enough_for_every_place() -> None:
    """At 7 frames a second, the same frames are a sample more here and there."""
    audio = {"type": "audio", "src": "https://e.com/1", "duration": -2}
    twins = [{"duration": round(2 / 7, 6), "elements": [audio]}] * 7
    cut = planned({"scenes": twins, "fps": 7})
    assert len({scene.sound for scene in cut.scenes}) == 1
    assert {scene.samples for scene in cut.scenes} == {13_714, 13_715}
    assert all(s.sound and s.sound.samples >= s.samples for s in cut.scenes)


def test_what_stands_still_over_the_movie_changes_no_place() -> None:
    """The same scene three times: one key under a still picture, three under one that moves."""
    twins = [{"duration": 2, "background-color": "#ff0000"}] * 3
    for over, keys in (
        ({}, 1),
        ({"fade-in": 1}, 2),
        ({"fade-in": 1, "fade-out": 1}, 3),
        ({"zoom": 2}, 3),
        ({"rotate": {"angle": 90, "speed": 9}}, 3),
        ({"start": 2}, 2),
        ({"duration": 3}, 3),
    ):
        cut = planned({"scenes": twins, "elements": [still | over]})
        assert len(set(keys_by_scene(cut, 3))) == keys, over
