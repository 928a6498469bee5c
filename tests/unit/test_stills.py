"""A still is cut out of its segment: what lies in its frame, as it is then, and nothing else.

That it is the film's frame is in render/test_stills.
"""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.composition import (
    Canvas,
    Clip,
    Composite,
    Fade,
    FilePicture,
    FramesPicture,
    Layer,
    Look,
    Mask,
    Picture,
    Play,
    Rotation,
    SheetPicture,
    Source,
    WaveformPicture,
)
from resplice.core.piece_keys import piece_key
from resplice.core.pieces import PROFILES, SegmentTask
from resplice.core.plan import plan
from resplice.core.schema.validation import validate
from resplice.core.stills import shown_in, still_of
from resplice.core.timeline import timeline
from resplice.core.tools import Tools

FPS = 25
LOOK = Look((64, 50), (64, 50), 0, 0)
CARD = FilePicture(Source("a" * 64, "mov", "video", 64, 50, False))
OLD = FilePicture(Source("b" * 64, "avi", "video", 64, 50, False))
PHOTO = FilePicture(Source("c" * 64, "png_pipe", "image", 64, 50, False))
PAGE = FramesPicture(PHOTO.file, 40)
ROUND = FramesPicture(PHOTO.file, 40, loop_from=10)
WAVE = WaveformPicture(64, 50, 20.0, "#ffffff", 1.0)


def segment(*layers: Layer, frames: int = 250, **more: Any) -> SegmentTask:
    canvas, ground = Canvas(64, 50, FPS), Composite("#000000", layers)
    return SegmentTask(canvas, PROFILES["low"], frames, ground, **more)


def cut(layer: Layer, frame: int) -> Layer:
    (found,) = still_of(segment(layer), frame).segment.layers()
    return found


def clip_of(picture: Picture, clip: Clip, passed: int) -> Clip | None:
    return cut(Layer(picture, LOOK, 20, 250, clip=clip), 20 + passed).clip


def test_what_is_not_in_the_frame_is_no_part_of_it() -> None:
    task = segment(Layer(PHOTO, LOOK, 10, 20), above=(Layer(CARD, LOOK, 20, 30, clip=Clip()),))
    seen = {frame: len(still_of(task, frame).segment.layers()) for frame in (9, 10, 19, 20, 30)}
    assert seen == {9: 0, 10: 1, 19: 1, 20: 1, 30: 0}


def test_what_stands_still_is_the_same_still_wherever_it_is_looked_at() -> None:
    task, tools = segment(Layer(PHOTO, LOOK, 10, 200)), Tools("f", "r", "b", "c")
    stills = [still_of(task, frame) for frame in (10, 199)]
    assert stills[0] == stills[1] and stills[0].segment.frames == 1
    keys = {piece_key(still_of(task, frame), tools) for frame in (9, 10, 199)}
    assert len(keys) == 2 and all(key.startswith("scenes/still/") for key in keys)


def test_what_ages_has_the_age_of_its_frame() -> None:
    turning = Look((64, 50), (64, 50), 0, 0, rotation=Rotation(90, 25))
    for look, fades in ((turning, ()), (LOOK, (Fade("in", 0, 30),))):
        assert cut(Layer(PHOTO, look, 10, 200, 5, fades=fades), 30).age == 25


@pytest.mark.parametrize(
    ("picture", "clip", "passed", "wanted"),
    [
        (CARD, Clip(500_000, 3), 0, Clip(500_000, 3, alone=True)),
        (CARD, Clip(500_000, 3), 46, Clip(500_000, 49, alone=True)),
        (CARD, Clip(500_000, 3), 47, Clip(1_500_000, 25, alone=True)),
        (CARD, Clip(500_000, 3), 121, Clip(3_500_000, 49, alone=True)),
        (CARD, Clip(0, 7, held_after=1), 99, Clip(0, 7, alone=True)),
        (CARD, Clip(0, 7, loop_frames=10), 13, Clip(0, 0, alone=True)),
        (OLD, Clip(500_000, 3), 121, Clip(500_000, 124, alone=True)),
        (PAGE, Clip(skip_frames=3), 20, Clip(skip_frames=23)),
        (ROUND, Clip(skip_frames=3), 36, Clip(skip_frames=39)),
        (ROUND, Clip(skip_frames=3), 37, Clip(skip_frames=10)),
        (ROUND, Clip(skip_frames=3), 70, Clip(skip_frames=13)),
        (WAVE, Clip(), 70, Clip(skip_frames=70)),
    ],
)
def test_what_moves_is_read_near_its_frame(
    picture: Picture, clip: Clip, passed: int, wanted: Clip
) -> None:
    assert clip_of(picture, clip, passed) == wanted


def test_of_a_sheet_the_slot_is_seen_that_has_come_by_then() -> None:
    sheet = SheetPicture(PHOTO.file, (64, 50), (0, 0), 3)
    layer = Layer(sheet, LOOK, 5, 250, showing=((0, 2), (10, 0), (20, 1)))
    seen = [cut(layer, frame).showing for frame in (5, 14, 15, 24, 25, 249)]
    assert seen == [((0, slot),) for slot in (2, 2, 0, 0, 1, 1)]


def test_a_mask_is_as_far_as_its_layer() -> None:
    plays = (Play(10, Clip(0, 4)), Play(5, Clip(2_000_000, 0)))
    layer = Layer(PHOTO, LOOK, 100, 115, mask=Mask(CARD, plays))
    masks = [cut(layer, frame).mask for frame in (100, 109, 110, 114)]
    assert [mask and mask.plays for mask in masks] == [
        (Play(1, clip),)
        for clip in (
            *(Clip(0, 4, alone=True), Clip(0, 13, alone=True)),
            *(Clip(2_000_000, 0, alone=True), Clip(2_000_000, 4, alone=True)),
        )
    ]


def test_a_transition_is_as_far_as_it_is_then() -> None:
    into = Composite("#ffffff", (Layer(PHOTO, LOOK, 5, 20),))
    task = segment(Layer(CARD, LOOK, 0, 20, clip=Clip()), frames=20, into=into, style="fade")
    still = still_of(task, 7)
    assert (still.passed, still.overlap) == (7, 20) and len(still.segment.layers()) == 2
    assert still_of(segment(), 7).overlap == 0


def test_every_frame_of_a_film_is_in_a_segment() -> None:
    """Of what stands still there is one, which is held."""
    enters = {"duration": 1, "transition": {"duration": 0.5, "style": "fade"}}
    movie = validate({"fps": 10, "width": 64, "height": 50, "scenes": [{"duration": 11}, enters]})
    whole = plan(timeline(movie, {}), movie.quality)
    places = {frame: shown_in(whole, frame) for frame in (0, 99, 100, 104, 105, 109, 110, 114)}
    assert {frame: (each.scene, each.part, number) for frame, (each, number) in places.items()} == {
        **dict.fromkeys((0, 99, 100, 104), (0, "body", 0)),
        **{105: (1, "transition", 0), 109: (1, "transition", 4)},
        **dict.fromkeys((110, 114), (1, "body", 0)),
    }
    with pytest.raises(IndexError):
        shown_in(whole, 115)
