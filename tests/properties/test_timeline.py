"""Any movie is cut into pieces that cover it once, each the same wherever its scene stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Any

from drawn import PLANNED, elements, made_up_facts
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from resplice.core.composition import Layer
from resplice.core.elements import TYPES
from resplice.core.piece_keys import piece_key
from resplice.core.pieces import SAMPLE_RATE, SEGMENT_SECONDS, SegmentTask
from resplice.core.plan import Plan, plan
from resplice.core.schema.movie import TRANSITION_STYLES
from resplice.core.schema.validation import validate
from resplice.core.timeline import timeline
from resplice.core.tools import Tools

TOOLS = Tools("ffmpeg", "resampler", "browser", "core")

anything = elements(PLANNED)
transitions = st.fixed_dictionaries(
    {"duration": PLANNED.seconds, "style": st.sampled_from(TRANSITION_STYLES)}
)
scenes = st.fixed_dictionaries(
    {"elements": st.lists(anything, max_size=3)},
    optional={
        "duration": st.just(-1) | PLANNED.lengths,
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


def planned(document: dict[str, Any]) -> Plan:
    movie = validate(document)
    return plan(timeline(movie, made_up_facts(movie)), movie.quality)


def layers(task: SegmentTask) -> list[Layer]:
    """All of a segment's, bottom first."""
    return [*task.picture.layers, *(task.into.layers if task.into else ()), *task.above]


@settings(deadline=None, max_examples=75)
@given(movies)
def test_segments_cover_the_movie_once(document: dict[str, Any]) -> None:
    cut = planned(document)
    frames, fps = cut.timeline.frames, cut.timeline.canvas.fps
    assert sum(segment.frames for segment in cut.segments) == frames
    assert frames >= fps
    starts, at = cut.timeline.starts(), 0
    for segment in cut.segments:
        scene = cut.timeline.scenes[segment.scene]
        first = at - starts[segment.scene]
        assert 0 < segment.task.frames <= max(SEGMENT_SECONDS * fps, scene.overlap)
        assert segment.task.frames == (1 if segment.task.profile.stands else segment.frames)
        if segment.part == "transition":
            assert (first, segment.frames) == (0, scene.overlap)
        else:
            assert scene.overlap <= first < first + segment.frames <= scene.frames
        at += segment.frames


@settings(deadline=None, max_examples=50)
@given(movies)
def test_layers_lie_inside_their_segments(document: dict[str, Any]) -> None:
    for segment in planned(document).segments:
        for layer in layers(segment.task):
            assert 0 <= layer.first < layer.end <= segment.task.frames
            assert layer.age >= 0
            assert all(fade.frames > 0 and fade.start_frame >= 0 for fade in layer.fades)


@settings(deadline=None, max_examples=50)
@given(movies)
def test_transitions_lie_inside_both_scenes(document: dict[str, Any]) -> None:
    all_scenes = planned(document).timeline.scenes
    assert all_scenes[0].overlap == 0
    tails = [scene.overlap for scene in all_scenes[1:]] + [0]
    for scene, tail in zip(all_scenes, tails, strict=True):
        assert 0 <= scene.overlap <= scene.overlap + tail <= scene.frames
        assert bool(scene.overlap) == bool(scene.style)


@settings(deadline=None, max_examples=50)
@given(movies)
def test_samples_add_up(document: dict[str, Any]) -> None:
    cut = planned(document)
    assert sum(scene.samples - scene.overlap_samples for scene in cut.scenes) == cut.samples
    assert abs(cut.samples - cut.timeline.frames * SAMPLE_RATE / cut.timeline.canvas.fps) <= 0.5
    for scene in cut.scenes:
        assert 0 <= scene.overlap_samples <= scene.samples
        if scene.sound:
            assert scene.sound.samples >= scene.samples
            for sound in scene.sound.sounds:
                assert 0 <= sound.first < sound.end
                assert sound.fade_out <= sound.end - sound.first


@settings(deadline=None, max_examples=30)
@given(movies)
def test_a_document_has_one_plan(document: dict[str, Any]) -> None:
    assert planned(document) == planned(document)


def keys_by_scene(cut: Plan, count: int) -> list[tuple[str, ...]]:
    """What each scene of the document is stored under."""
    return [
        (
            *(piece_key(s.task, TOOLS) for s in cut.segments if s.scene == index),
            *([piece_key(sound, TOOLS)] if (sound := cut.scenes[index].sound) else []),
        )
        for index in range(count)
    ]


def keys_by_shape(parts: Sequence[dict[str, Any]], order: Sequence[int]) -> dict[Any, Any]:
    """The keys of each scene, by which it is and how many frames it has, its own and shared."""
    cut = planned({"scenes": [parts[number] for number in order], "fps": 25})
    shapes = [(scene.frames, scene.overlap) for scene in cut.timeline.scenes] + [(0, 0)]
    return {
        (number, shapes[place], shapes[place + 1][1]): (
            *(piece_key(s.task, TOOLS) for s in cut.segments
              if s.scene == place and s.part == "body"),
            cut.scenes[place].sound and piece_key(cut.scenes[place].sound, TOOLS),
        )
        for place, number in enumerate(order)
    }  # fmt: skip


still = {"type": "image", "src": "https://e.com/1", "duration": -2, "width": 9, "height": 9}
uncut = scenes.map(lambda scene: {k: v for k, v in scene.items() if k != "transition"})


def without_the_movies(scene: dict[str, Any]) -> dict[str, Any]:
    """The scene without what counts once in a movie, and is the movie's wherever it stands."""
    kept = [each for each in scene["elements"] if not TYPES[each["type"]].once]
    return {**scene, "elements": kept}


whole = st.tuples(uncut, st.integers(1, 300)).map(
    lambda pair: {**without_the_movies(pair[0]), "duration": pair[1] / 25}
)
"""Scenes of whole frames at 25 fps."""


@settings(deadline=None, max_examples=50)
@given(st.lists(whole, min_size=2, max_size=5), st.randoms(use_true_random=False), st.booleans())
def test_a_scene_of_whole_frames_is_the_same_wherever_it_stands(
    parts: list[dict[str, Any]], dice: Any, watermark: bool
) -> None:
    moved = dice.sample(parts, len(parts))
    over = {"elements": [still, {**still, "z-index": -1}]} if watermark else {}
    before, after = (
        keys_by_scene(planned({"scenes": each, "fps": 25, **over}), len(parts))
        for each in (parts, moved)
    )
    assert Counter(before) == Counter(after)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(scenes.map(without_the_movies), min_size=2, max_size=5),
    st.randoms(use_true_random=False),
)
def test_a_scene_knows_how_many_frames_it_has_and_not_where_it_lies(
    parts: list[dict[str, Any]], dice: Any
) -> None:
    numbers = range(len(parts))
    found: dict[Any, Any] = {}
    for order in (numbers, *(dice.sample(numbers, len(parts)) for _ in range(3))):
        for shape, keys in keys_by_shape(parts, order).items():
            assert found.setdefault(shape, keys) == keys
    for number in numbers:
        assert len({frames for scene, (frames, _), _ in found if scene == number}) <= 2


@settings(deadline=None, max_examples=30)
@given(st.lists(whole, min_size=1, max_size=3), elements(PLANNED, "subtitles"), st.data())
def test_subtitles_are_the_movies_wherever_they_stand(
    parts: list[dict[str, Any]], subtitles: dict[str, Any], data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from(range(len(parts))))
    inside = [
        {**part, "elements": [*part["elements"], *[subtitles] * (number == place)]}
        for number, part in enumerate(parts)
    ]
    own, hoisted = planned({"scenes": parts, "elements": [subtitles]}), planned({"scenes": inside})
    assert own == hoisted


def exact_scenes(document: dict[str, Any]) -> list[tuple[Fraction, Fraction]]:
    """(length, overlap with the scene before) in exact seconds, of scenes that all say theirs."""
    fps, found = document["fps"], list[tuple[Fraction, Fraction]]()
    for scene in document["scenes"]:
        length_s = max(Fraction(str(scene["duration"])), Fraction(1, fps))
        wanted_s = Fraction(str(scene.get("transition", {}).get("duration", 0)))
        left_s = found[-1][0] - found[-1][1] if found else Fraction(0)
        found.append((length_s, min(wanted_s, left_s, length_s)))
    return found


timed = st.fixed_dictionaries(
    {"duration": PLANNED.lengths | st.sampled_from([0.5, 1.02, 2.1])},
    optional={"transition": transitions | st.just({"duration": 0.5})},
)
ALMOST = Fraction(1, 1_000_000)


@settings(deadline=None, max_examples=100)
@given(st.lists(timed, min_size=1, max_size=60), st.sampled_from([1, 7, 25, 30, 60]))
def test_every_scene_begins_at_the_frame_nearest_to_its_second(
    parts: list[dict[str, Any]], fps: int
) -> None:
    document = {"scenes": parts, "fps": fps}
    laid = timeline(validate(document), {})
    end_s = Fraction(0)
    for (length_s, overlap_s), start, scene in zip(
        exact_scenes(document), laid.starts(), laid.scenes, strict=False
    ):
        start_s, shared_until_s = end_s - overlap_s, end_s
        end_s = start_s + length_s
        for frame, exact_s in (
            (start, start_s),
            (start + scene.overlap, shared_until_s),
            (start + scene.frames, end_s),
        ):
            assert abs(frame - exact_s * fps) <= Fraction(1, 2) + ALMOST
    assert abs(laid.frames - max(end_s, 1) * fps) <= Fraction(1, 2) + ALMOST


def rounded_apart(document: dict[str, Any]) -> list[tuple[int, int]]:
    """(frames, overlap) of each scene, every length rounded by itself: how it was done at first."""
    found = list[tuple[int, int]]()
    for scene in document["scenes"]:
        frames, wanted = (
            floor(seconds * document["fps"] + 0.5 + 1e-6)
            for seconds in (scene["duration"], scene.get("transition", {}).get("duration", 0))
        )
        frames, left = max(1, frames), found[-1][0] - found[-1][1] if found else 0
        found.append((frames, min(wanted, left, frames)))
    return found


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 60), anything)), st.data())
def test_movies_of_whole_frames_are_as_if_each_length_were_rounded_by_itself(
    drawn: list[tuple[int, int, dict[str, Any]]], data: st.DataObject
) -> None:
    assume(drawn)
    fps = data.draw(st.sampled_from([1, 7, 25, 30, 60]))
    parts = [
        {
            "duration": frames / fps,
            "transition": {"duration": overlap / fps},
            "elements": [{**element, "duration": -2, "start": 0}],
        }
        for frames, overlap, element in drawn
    ]
    document = {"scenes": parts, "fps": fps}
    movie = validate(document)
    laid = timeline(movie, made_up_facts(movie)).scenes[: len(parts)]
    assert [(scene.frames, scene.overlap) for scene in laid] == rounded_apart(document)
    for scene, (_, _, element) in zip(laid, drawn, strict=True):
        if element["type"] == "image":
            assert [(layer.start, layer.end) for layer in scene.layers] == [(0, scene.frames)]


def test_what_lasts_to_the_end_does_so_with_a_frame_more_or_less() -> None:
    """A clip gives the scene its length, 25.4 frames; a picture has the same by its duration."""
    clip_s = 1.016
    lasting = {"duration": clip_s}, {"duration": -2}, {"duration": 9}, {"start": 1, "duration": 1}
    scene = {"duration": clip_s, "elements": [{**still, **said} for said in lasting]}
    movie = validate({"scenes": [scene] * 5})
    laid = timeline(movie, made_up_facts(movie))
    assert {scene.frames for scene in laid.scenes} == {25, 26}
    for each in laid.scenes:
        ends = [layer.end for layer in each.layers]
        assert ends == [each.frames] * (4 if each.frames == 26 else 3), "the last begins at 25"


def test_nothing_lasts_longer_than_the_frames_of_its_scene() -> None:
    """A scene of 25.6 frames has 25 in some places, where 25.5 frames of a picture are 25 too."""
    picture = {**still, "duration": 1.02, "fade-out": 2}
    music = {"type": "audio", "src": "https://e.com/1", "loop": -1, "duration": -2}
    movie = validate({"scenes": [{"duration": 1.024, "elements": [picture, music]}] * 5})
    laid = timeline(movie, made_up_facts(movie))
    assert {scene.frames for scene in laid.scenes} == {25, 26}
    for each in laid.scenes:
        assert [(layer.end, layer.fade_out) for layer in each.layers] == [(each.frames,) * 2]
        assert [sound.end_s for sound in each.sounds] == [each.frames / 25]


def test_half_second_transitions_take_half_seconds() -> None:
    """At 25 frames a second each is twelve frames and a half: 12 and 13 by turns."""
    scenes = [{"duration": 2, "transition": {"duration": 0.5}}] * 45
    laid = timeline(validate({"scenes": scenes}), {})
    assert laid.frames == 68 * 25
    assert [scene.overlap for scene in laid.scenes] == [0, *[12, 13] * 22]
    assert laid.starts()[-1] == 66 * 25


@settings(deadline=None, max_examples=30)
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


def test_a_sound_that_is_put_on_a_later_frame_fades_out_in_what_is_left() -> None:
    """At 12 frames a second, 0.4 s is nearest to the fifth: 800 samples later, in a short scene."""
    late = {"type": "video", "src": "https://e.com/1", "start": 0.4, "fade-out": 0.5}
    (scene,) = planned({"scenes": [{"duration": 0.8, "elements": [late]}], "fps": 12}).scenes[:1]
    assert scene.sound
    (sound,) = scene.sound.sounds
    assert (sound.first, sound.end, sound.fade_out) == (20_000, 40_001, 20_001)


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
