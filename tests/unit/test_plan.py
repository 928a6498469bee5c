"""The plan: where samples lie, where segments are cut, and what there may be too much of.

That any movie is covered once is in properties/test_timeline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from resplice.core.composition import Canvas, Clip, Look, SheetPicture, Source, WaveformPicture
from resplice.core.document.paths import DocumentPath
from resplice.core.facts import AnimationFacts, Facts, MediaFacts
from resplice.core.motion import Motion
from resplice.core.pieces import SAMPLE_RATE, SegmentTask, samples_at
from resplice.core.plan import (
    CLIP_PLAYS_APART,
    MAX_DRAWN_SOUNDS,
    MAX_LAYERS,
    MAX_TRAVELLING,
    Plan,
    plan,
)
from resplice.core.schema.validation import validate
from resplice.core.timeline import TimedLayer, TimedScene, Timeline, timeline
from resplice.errors import DocumentError

STILL = MediaFacts("a" * 64, 9, "image", "png_pipe", 64, 48)
SONG = MediaFacts("c" * 64, 9, "audio", "mp3", duration_us=60_000_000, has_audio=True)
CARD = MediaFacts("b" * 64, 9, "video", "mov", 64, 48, 400_000)
FPS = 10
IMAGE, VIDEO, AUDIO = (
    {"type": type_, "src": "https://e.com/a"} for type_ in ("image", "video", "audio")
)
WAVE = {"type": "audiogram"}


def planned(*scenes: dict[str, Any], **more: Any) -> Plan:
    movie = validate({"fps": FPS, "width": 64, "height": 50, "scenes": list(scenes), **more})
    facts: dict[DocumentPath, Facts] = {
        path: {"video": CARD, "audio": SONG}.get(element.type, STILL)
        for path, element in movie.each_element()
    }
    return plan(timeline(movie, facts), movie.quality)


def tasks(*scenes: dict[str, Any], **more: Any) -> list[SegmentTask]:
    return [segment.task for segment in planned(*scenes, **more).segments]


@pytest.mark.parametrize("fps", [1, 24, 25, 30, 60, 119])
def test_samples_follow_frames_without_drifting(fps: int) -> None:
    assert [samples_at(second * fps, fps) for second in (0, 1, 3600)] == [
        *(0, SAMPLE_RATE, 3600 * SAMPLE_RATE)
    ]
    assert all(abs(samples_at(n, fps) - n * SAMPLE_RATE / fps) <= 0.5 for n in range(300))


def test_a_scene_is_cut_at_fixed_places_also_after_a_transition() -> None:
    long = {"duration": 25, "elements": [{**IMAGE, "zoom": 1}]}
    assert [task.frames for task in tasks(long)] == [100, 100, 50]
    enters = {**long, "transition": {"duration": 2, "style": "circleopen"}}
    cut = planned(long, enters).segments
    assert [(each.scene, each.part, each.task.frames) for each in cut] == [
        *((0, "body", 100), (0, "body", 100), (0, "body", 30)),
        *((1, "transition", 20), (1, "body", 80), (1, "body", 100), (1, "body", 50)),
    ]
    assert cut[3].task.style == "circleopen" and cut[3].task.into is not None


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({}, [(0, 4, Clip())]),
        ({"extra-time": 0.3}, [(0, 4, Clip()), (4, 7, Clip(0, 3, held_after=1))]),
        ({"duration": 0.2, "extra-time": 0.1}, [(0, 2, Clip()), (2, 3, Clip(0, 1, held_after=1))]),
        ({"duration": 0.6, "extra-time": 0.1}, [(0, 4, Clip()), (4, 7, Clip(0, 3, held_after=1))]),
        (
            {"loop": 2, "extra-time": 0.2},
            [(0, 4, Clip()), (4, 8, Clip()), (8, 10, Clip(0, 3, held_after=1))],
        ),
        (
            {"loop": -1, "duration": 0.6, "extra-time": 0.4},
            [(0, 4, Clip()), (4, 6, Clip()), (6, 10, Clip(0, 1, held_after=1))],
        ),
        ({"loop": -1}, [(0, 4, Clip()), (4, 8, Clip()), (8, 10, Clip())]),
        (
            {"loop": -1, "duration": 0.7, "start": 0.1, "extra-time": 9},
            [(1, 5, Clip()), (5, 8, Clip()), (8, 10, Clip(0, 2, held_after=1))],
        ),
    ],
)
def test_what_lingers_holds_the_picture_that_was_seen_last(
    said: dict[str, Any], shown: list[tuple[int, int, Clip]]
) -> None:
    (task,) = tasks({"duration": 1, "elements": [{**VIDEO, **said}]})
    found = [(layer.first, layer.end, layer.clip) for layer in task.picture.layers]
    assert found == shown


def test_a_picture_is_held_over_segments_too() -> None:
    first, second = tasks({"duration": 11, "elements": [{**VIDEO, "extra-time": 20}]})
    held = Clip(0, 3, held_after=1)
    for task, window in ((first, (4, 100)), (second, (0, 10))):
        *_, layer = task.picture.layers
        assert (layer.first, layer.end, layer.clip) == (*window, held)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"duration": 0.3}, [(0, 3, Clip())]),
        (
            {"duration": 0.3, "extra-time": 0.2},
            [(0, 3, Clip()), (3, 5, Clip(0, 2, held_after=1))],
        ),
        ({"duration": 0.5}, [(0, 3, Clip()), (3, 5, None)]),
        (
            {"duration": 0.5, "extra-time": 0.2},
            [(0, 3, Clip()), (3, 5, None), (5, 7, None)],
        ),
    ],
)
def test_a_text_that_moves_is_held_where_it_was(
    said: dict[str, Any], shown: list[tuple[int, int, Clip | None]]
) -> None:
    title = {"type": "text", "text": "Ann", "style": "005", **said}
    movie = validate({"fps": FPS, "scenes": [{"elements": [title]}]})
    painted = AnimationFacts("d" * 64, 9, "video", "apng", 64, 48, has_alpha=True, frames=4)
    cut = plan(timeline(movie, {("scenes", 0, "elements", 0): painted}), movie.quality)
    layers = cut.segments[0].task.picture.layers
    assert [(layer.first, layer.end, layer.clip) for layer in layers] == shown


def test_a_view_has_travelled_when_its_picture_lingers() -> None:
    zoomed = {**IMAGE, "duration": 0.5, "extra-time": 0.5, "zoom": 5, "fade-out": 0.2}
    (task,) = tasks({"elements": [zoomed]})
    (layer,) = task.picture.layers
    assert layer.look.motion and layer.look.motion.life_frames == 5
    assert (layer.end, [fade.start_frame for fade in layer.fades]) == (10, [8])


def test_what_lies_over_the_movie_is_the_same_slice_in_every_scene() -> None:
    first, second = tasks({"duration": 1}, {"duration": 1}, elements=[{**IMAGE, "z-index": 1}])
    assert first == second
    assert len(first.above) == 1


def test_what_lies_under_the_movie_is_seen_through_transparent_scenes_alone() -> None:
    clear = {"duration": 1, "background-color": "transparent"}
    through, solid = tasks(clear, {"duration": 1}, elements=[{**IMAGE, "z-index": -1}])
    assert (len(through.picture.layers), len(solid.picture.layers)) == (1, 0)


def test_a_loop_is_played_apart_while_it_is_few_rounds() -> None:
    few, many = CLIP_PLAYS_APART, CLIP_PLAYS_APART + 1
    (task,) = tasks({"duration": 0.4 * few, "elements": [{**VIDEO, "loop": -1}]})
    assert [layer.clip for layer in task.picture.layers] == [Clip()] * few
    (task,) = tasks({"duration": 0.4 * many, "elements": [{**VIDEO, "loop": -1}]})
    assert [layer.clip for layer in task.picture.layers] == [Clip(0, 0, loop_frames=4)]


@pytest.mark.parametrize(
    ("element", "most"), [(IMAGE, MAX_LAYERS), ({**IMAGE, "zoom": 2}, MAX_TRAVELLING)]
)
def test_too_much_at_once_is_refused_with_its_scene(element: dict[str, Any], most: int) -> None:
    assert len(tasks({"duration": 1, "elements": [element] * most})) == 1
    with pytest.raises(DocumentError) as caught:
        planned({"duration": 1}, {"duration": 1, "elements": [element] * (most + 1)})
    (problem,) = caught.value.problems
    assert problem.path == "scenes[1]"
    assert f"at most {most} may be" in problem.message


def waves(task: SegmentTask) -> list[WaveformPicture]:
    pictures = [layer.picture for layer in task.layers()]
    return [each for each in pictures if isinstance(each, WaveformPicture)]


def test_a_waveform_hears_what_its_frames_show() -> None:
    """At 10 frames a second: a frame before its first one, and one after its last."""
    late = {**AUDIO, "start": 22}
    first, second, third = tasks({"duration": 23, "elements": [AUDIO, late, WAVE]})
    second_us = 9_900_000
    heard = [[(s.first, s.end, s.seek_us) for s in waves(t)[0].sounds] for t in (first, second)]
    assert heard == [[(4800, 489_600, 0)], [(0, 489_600, second_us)]]
    assert [len(waves(each)[0].sounds) for each in (first, second, third)] == [1, 1, 2]
    assert all(layer.clip == Clip() for layer in (*first.layers(), *third.layers()))
    assert first.digests() == {SONG.digest}


def test_a_waveform_of_silence_stands_still() -> None:
    (task,) = tasks({"duration": 2, "elements": [WAVE]})
    assert (waves(task)[0].moves, task.layers()[0].clip) == (False, None)


def test_a_waveform_is_the_same_wherever_its_scene_lies() -> None:
    talk = {"duration": 2, "elements": [AUDIO, WAVE]}
    (alone,) = tasks(talk)
    _, moved = tasks({"duration": 1.3}, talk)
    assert alone == moved
    (quiet,) = tasks({"duration": 2, "elements": [{**AUDIO, "volume": 0.5}, WAVE]})
    assert quiet != alone


def test_a_movies_waveform_hears_each_scene_in_its_place() -> None:
    talk = {"duration": 2, "elements": [{**AUDIO, "duration": 1}]}
    first, second = tasks(talk, talk, elements=[WAVE])
    (own, next_scenes), (moved,) = (waves(each)[0].sounds for each in (first, second))
    assert own == moved
    assert next_scenes.first == 2 * SAMPLE_RATE + 4800, "seen coming, as it is averaged"
    (silent,) = tasks({"duration": 1}, elements=[WAVE])
    assert waves(silent)[0].sounds == ()


def test_too_many_sounds_in_a_waveform_are_refused() -> None:
    short = {**AUDIO, "duration": 1}
    spread = [{**short, "start": 10 * n} for n in range(MAX_DRAWN_SOUNDS + 1)]
    assert tasks({"elements": [*spread, WAVE]})
    crowd = [short] * MAX_DRAWN_SOUNDS
    assert len(tasks({"elements": [*crowd, WAVE]})) == 1
    with pytest.raises(DocumentError, match=f"at most {MAX_DRAWN_SOUNDS} may be"):
        planned({"elements": [*crowd, short, WAVE]})


def test_a_silent_scene_has_no_sound_and_its_length() -> None:
    (scene,) = planned({"duration": 1.5}).scenes
    assert (scene.sound, scene.samples, scene.overlap_samples) == (None, 72_000, 0)


def captioned(digest: str = "a", start: int = 90, changes: tuple[int, ...] = (0, 5, 30)) -> Plan:
    """Segments of 100 frames in which a picture travels, with a sheet over where two meet."""
    sheet = SheetPicture(
        Source(digest, "png_pipe", "image", 8, 8, has_alpha=True), (8, 4), (0, 0), 3
    )
    showing = tuple((frame, slot) for slot, frame in enumerate(changes))
    over = TimedLayer(sheet, Look((8, 4), (8, 4), 0, 0), start, start + 50, 0, showing=showing)
    travels = replace(over.look, motion=Motion(1, 2, 0, 0, 0, 0, 300))
    below = TimedLayer(sheet, travels, 0, 300, 0)
    scene = TimedScene(300, "#000000", (below,), ())
    return plan(Timeline(Canvas(64, 50, FPS), (scene,), (), (over,), (), 300), "low")


def test_a_slice_of_a_sheet_shows_what_is_seen_in_it_counted_from_itself() -> None:
    one, two, three = (segment.task.above for segment in captioned().segments)
    assert [(layer.first, layer.end, layer.showing) for layer in (*one, *two)] == [
        (90, 100, ((0, 0), (5, 1))),
        (0, 40, ((0, 1), (20, 2))),
    ]
    assert three == ()


def test_a_slice_that_begins_with_a_change_shows_the_new_slot() -> None:
    _, two, _ = (segment.task.above for segment in captioned(changes=(0, 10, 11)).segments)
    assert two[0].showing == ((0, 1), (1, 2))


def test_a_changed_sheet_changes_only_segments_that_show_it() -> None:
    before, after = ([s.task.above for s in captioned(each).segments] for each in ("a", "b"))
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, False, True]


def test_a_sheet_is_the_same_slice_wherever_its_segment_lies() -> None:
    here, _, _ = captioned(start=20).segments
    _, there, _ = captioned(start=120).segments
    assert here.task.above == there.task.above


def test_what_lies_under_an_opaque_scene_does_not_cut_it() -> None:
    under = {**IMAGE, "start": 12, "duration": 19, "z-index": -1}
    alone = tasks({"duration": 50, "background-color": "#336699"})
    assert tasks({"duration": 50, "background-color": "#336699"}, elements=[under]) == alone
    seen = tasks({"duration": 50, "background-color": "transparent"}, elements=[under])
    assert len({*seen}) > len({*alone}) == 1


def test_many_captions_over_many_scenes_are_planned_in_time_to_both() -> None:
    """The movie's own layers are not looked through again for each scene."""
    sheet = SheetPicture(Source("a", "png_pipe", "image", 8, 8, has_alpha=True), (8, 4), (0, 0), 3)
    asked = 0

    class Counted(TimedLayer):
        def edges(self) -> Iterator[int]:
            nonlocal asked
            asked += 1
            return super().edges()

    over = tuple(
        Counted(sheet, Look((8, 4), (8, 4), 0, 0), 10 * n, 10 * n + 10, 0) for n in range(50)
    )
    scenes = (TimedScene(10, "#000000", (), ()),) * 50
    plan(Timeline(Canvas(64, 50, FPS), scenes, (), over, (), 500), "low")
    assert asked <= 2 * len(over)
