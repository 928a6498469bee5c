"""The plan: where samples lie, where segments are cut, and what there may be too much of.

That any movie is covered once is in properties/test_timeline.
"""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.composition import Canvas, Clip, Look, SheetPicture, Source
from resplice.core.document.paths import DocumentPath
from resplice.core.facts import Facts, MediaFacts
from resplice.core.pieces import SAMPLE_RATE, SegmentTask
from resplice.core.plan import CLIP_PLAYS_APART, MAX_LAYERS, MAX_TRAVELLING, Plan, plan, samples_at
from resplice.core.schema.validation import validate
from resplice.core.timeline import TimedLayer, TimedScene, Timeline, timeline
from resplice.errors import DocumentError

STILL = MediaFacts("a" * 64, 9, "image", "png_pipe", 64, 48)
CARD = MediaFacts("b" * 64, 9, "video", "mov", 64, 48, 400_000)
FPS = 10
IMAGE, VIDEO = ({"type": type_, "src": "https://e.com/a"} for type_ in ("image", "video"))


def planned(*scenes: dict[str, Any], **more: Any) -> Plan:
    movie = validate({"fps": FPS, "width": 64, "height": 50, "scenes": list(scenes), **more})
    facts: dict[DocumentPath, Facts] = {
        path: CARD if element.type == "video" else STILL for path, element in movie.each_element()
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
    long = {"duration": 25}
    assert [task.frames for task in tasks(long)] == [100, 100, 50]
    enters = {**long, "transition": {"duration": 2, "style": "circleopen"}}
    cut = planned(long, enters).segments
    assert [(each.scene, each.part, each.task.frames) for each in cut] == [
        *((0, "body", 100), (0, "body", 100), (0, "body", 30)),
        *((1, "transition", 20), (1, "body", 80), (1, "body", 100), (1, "body", 50)),
    ]
    assert cut[3].task.style == "circleopen" and cut[3].task.into is not None


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


def test_a_silent_scene_has_no_sound_and_its_length() -> None:
    (scene,) = planned({"duration": 1.5}).scenes
    assert (scene.sound, scene.samples, scene.overlap_samples) == (None, 72_000, 0)


def captioned(digest: str = "a", start: int = 90, changes: tuple[int, ...] = (0, 5, 30)) -> Plan:
    """Two segments of 100 frames, with a sheet over where they meet."""
    sheet = SheetPicture(
        Source(digest, "png_pipe", "image", 8, 8, has_alpha=True), (8, 4), (0, 0), 3
    )
    showing = tuple((frame, slot) for slot, frame in enumerate(changes))
    over = TimedLayer(sheet, Look((8, 4), (8, 4), 0, 0), start, start + 50, 0, showing=showing)
    scene = TimedScene(300, "#000000", (), ())
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
    before, after = ([s.task for s in captioned(each).segments] for each in ("a", "b"))
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, False, True]


def test_a_sheet_is_the_same_slice_wherever_its_segment_lies() -> None:
    here, _, _ = captioned(start=20).segments
    _, there, _ = captioned(start=120).segments
    assert here.task == there.task
