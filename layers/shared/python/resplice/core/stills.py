"""Stills: one frame of a film as a task of its own, cut out of the segment that shows it. Pure.

What is cut is what lies in that frame, moved to where it is then: pictures that stand need
nothing, travelling ones and fades their age, painted pages and clips the number of their frame.
No frame before it is composed. How it is drawn is the segment's own filtergraph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from resplice.core.composition import (
    Clip,
    Composite,
    FilePicture,
    FramesPicture,
    Layer,
    Mask,
    Picture,
    Play,
)
from resplice.core.pieces import SegmentTask, StillTask
from resplice.core.plan import Plan, PlannedSegment

SOUGHT_EXACTLY = frozenset({"mov", "matroska"})
"""Demuxers of clips whose frames have the same place on the frame grid from whichever whole second
on they are read: their clocks tick in whole parts of a second, and they find key frames by time."""
SECONDS_BEFORE = 1
"""A clip is read from at least so long before its frame: some are made of those beside them."""


def shown_in(plan: Plan, frame: int) -> tuple[PlannedSegment, int]:
    """The segment that shows the film's frame, and the frame's number in its task."""
    for segment in plan.segments:
        if frame < segment.frames:
            return segment, min(frame, segment.task.frames - 1)
        frame -= segment.frames
    raise IndexError(frame)


def still_of(task: SegmentTask, frame: int, size: tuple[int, int] | None = None) -> StillTask:
    """The segment's frame of that number, from 0. size: as of a StillTask."""
    fps = task.canvas.fps
    cut = replace(
        task,
        frames=1,
        picture=_composite(task.picture, frame, fps),
        into=_composite(task.into, frame, fps) if task.into else None,
        above=tuple(_seen(task.above, frame, fps)),
    )
    passed, overlap = (frame, task.frames) if task.into else (0, 0)
    return StillTask(cut, passed, overlap, size)


def _composite(composite: Composite, frame: int, fps: int) -> Composite:
    return replace(composite, layers=tuple(_seen(composite.layers, frame, fps)))


def _seen(layers: Iterable[Layer], frame: int, fps: int) -> Iterator[Layer]:
    for layer in layers:
        if layer.first <= frame < layer.end:
            yield _moved(layer, frame - layer.first, fps)


def _moved(layer: Layer, passed: int, fps: int) -> Layer:
    """The layer as it is when that many of its frames have passed."""
    return replace(
        layer,
        first=0,
        end=1,
        age=layer.age + passed if layer.fades or layer.look.ages else 0,
        clip=layer.clip and _frame_of(layer.picture, layer.clip, passed, fps),
        mask=layer.mask and _mask(layer.mask, passed, fps),
        showing=tuple((0, slot) for _, slot in _shown(layer.showing, passed)),
    )


def _shown(showing: tuple[tuple[int, int], ...], passed: int) -> tuple[tuple[int, int], ...]:
    """The last change that has come by then."""
    return tuple(each for each in showing if each[0] <= passed)[-1:]


def _mask(mask: Mask, passed: int, fps: int) -> Mask:
    for play in mask.plays:
        if passed < play.frames:
            clip = _frame_of(mask.picture, play.clip, passed, fps)
            return replace(mask, plays=(Play(1, clip),))
        passed -= play.frames
    return mask


def _frame_of(picture: Picture, clip: Clip, passed: int, fps: int) -> Clip:
    """What is shown of the picture then, alone."""
    if clip.held_after:
        passed = min(passed, clip.held_after - 1)
    number = clip.skip_frames + passed
    if isinstance(picture, FramesPicture):
        return Clip(skip_frames=_round(picture, number))
    if not isinstance(picture, FilePicture):
        return Clip(skip_frames=number)
    if clip.loop_frames:
        number %= clip.loop_frames
    if picture.file.demuxer not in SOUGHT_EXACTLY:
        return Clip(clip.seek_us, number, alone=True)
    later_s = max(0, number // fps - SECONDS_BEFORE)
    return Clip(clip.seek_us + later_s * 1_000_000, number - later_s * fps, alone=True)


def _round(picture: FramesPicture, number: int) -> int:
    """The picture's frame of that number, when those that are seen again and again are one."""
    if picture.loop_from is None or number < picture.frames:
        return number
    return picture.loop_from + (number - picture.loop_from) % (picture.frames - picture.loop_from)
