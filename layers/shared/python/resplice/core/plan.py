"""The plan: a timeline cut into tasks. Pure; printing it, comparing it and running it are others'.

Every task is relative to itself, so equal pictures and sounds are equal tasks wherever they lie.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from resplice.core.composition import (
    Clip,
    Composite,
    Fade,
    FramesPicture,
    Layer,
    Mask,
    Picture,
    Play,
    Sound,
    WaveformPicture,
)
from resplice.core.cuts import cuts
from resplice.core.document.problems import problem_at
from resplice.core.frame_grid import frames_of
from resplice.core.lengths import Playback, period_frames
from resplice.core.pieces import (
    PROFILES,
    SEGMENT_SECONDS,
    Profile,
    SegmentTask,
    SoundTask,
    samples_at,
)
from resplice.core.sound_tasks import placed, sound_task, with_waveforms
from resplice.core.timeline import TimedLayer, TimedScene, Timeline
from resplice.core.waveform import excerpts, raster
from resplice.errors import DocumentError
from resplice.frozen import frozen

CLIP_PLAYS_APART = 4
"""A clip that plays more often than this in one segment is looped in memory, being short."""
MAX_LAYERS = 300
MAX_TRAVELLING = 30
MAX_DRAWN_SOUNDS = 100
"""What one FFmpeg run opens within its memory limit; each moving view takes two processes."""


@frozen
class PlannedSegment:
    """A segment, and whose it is: the scene's own frames, or the overlap that leads into it.

    frames: for how many it is shown; the one frame of what stands still is held.
    """

    scene: int
    part: Literal["body", "transition"]
    task: SegmentTask
    frames: int


@frozen
class PlannedScene:
    """What a scene's cache entry is made of. sound is None when nothing is heard."""

    sound: SoundTask | None
    samples: int
    overlap_samples: int


@frozen
class Plan:
    """All the work of a movie: segments in order of showing, each scene's sound, the mix."""

    timeline: Timeline
    profile: Profile
    segments: tuple[PlannedSegment, ...]
    scenes: tuple[PlannedScene, ...]
    sounds: tuple[Sound, ...]
    samples: int


def plan(timeline: Timeline, quality: str) -> Plan:
    """Cut the timeline into segments and sounds for that quality's encode profile.

    Raises DocumentError when more lies in one segment than can be drawn at once.
    """
    profile, drawn, starts = PROFILES[quality], with_waveforms(timeline), timeline.starts()
    over, around = _all_edges(drawn.above), _all_edges((*drawn.below, *drawn.above))
    segments = [
        segment
        for index, scene in enumerate(timeline.scenes)
        for edges in (around if scene.background == "transparent" else over,)
        for segment in _segments(drawn, index, starts, profile, edges)
    ]
    crowded = {segment.scene: said for segment in segments if (said := _crowd(segment.task))}
    if crowded:
        raise DocumentError(
            problem_at(("scenes", scene) if timeline.scenes[scene].layers else ("elements",), said)
            for scene, said in crowded.items()
        )
    return Plan(
        timeline,
        profile,
        tuple(segments),
        tuple(_planned_scenes(timeline)),
        tuple(placed(sound, timeline.canvas.fps) for sound in timeline.sounds),
        samples_at(timeline.frames, timeline.canvas.fps),
    )


def _crowd(task: SegmentTask) -> str:
    """What there is too much of in the segment, in a user's words; empty when all is well."""
    layers = task.layers()
    travelling = sum(layer.look.motion is not None for layer in layers)
    drawn = sum(
        len(layer.picture.sounds) for layer in layers if isinstance(layer.picture, WaveformPicture)
    )
    for what, count, most in (
        ("elements are", len(layers), MAX_LAYERS),
        ("elements that zoom or pan are", travelling, MAX_TRAVELLING),
        ("sounds that audiograms show are", drawn, MAX_DRAWN_SOUNDS),
    ):
        if count > most:
            return f"{count} {what} seen within {SEGMENT_SECONDS} seconds; at most {most} may be"
    return ""


def _segments(
    timeline: Timeline, index: int, starts: Sequence[int], profile: Profile, over: Sequence[int]
) -> Iterator[PlannedSegment]:
    """over: the edges of the movie's own layers that are seen in the scene, in order."""
    scene, start = timeline.scenes[index], starts[index]
    following = timeline.scenes[index + 1 : index + 2]
    tail = following[0].overlap if following else 0
    if scene.overlap:
        task = _transition(timeline, index, starts, profile)
        yield PlannedSegment(index, "transition", task, scene.overlap)

    def body(first: int, end: int, encoded: Profile = profile) -> SegmentTask:
        under = _composite(timeline, scene, start, first, end)
        above = _sliced(timeline.above, start + first, start + end, timeline.canvas.fps)
        return SegmentTask(timeline.canvas, encoded, end - first, under, above=above)

    def stands(first: int, end: int) -> bool:
        layers = body(first, end).layers()
        return all(layer.stands_still and layer.lasts(end - first) for layer in layers)

    edges = _edges(scene, start, over)
    for cut in cuts(scene.overlap, scene.frames - tail, timeline.canvas.fps, edges, stands):
        end = cut.first + 1 if cut.stands else cut.end
        task = body(cut.first, end, replace(profile, stands=cut.stands))
        yield PlannedSegment(index, "body", task, cut.end - cut.first)


def _transition(
    timeline: Timeline, index: int, starts: Sequence[int], profile: Profile
) -> SegmentTask:
    """The overlap: the end of the scene before and the beginning of this one, blended.

    One segment, however long: a blend counts its progress from its own first frame.
    """
    before, scene = timeline.scenes[index - 1], timeline.scenes[index]
    first, start = before.frames - scene.overlap, starts[index]
    return SegmentTask(
        timeline.canvas,
        profile,
        scene.overlap,
        _composite(timeline, before, starts[index - 1], first, before.frames),
        _composite(timeline, scene, start, 0, scene.overlap),
        scene.style,
        _sliced(timeline.above, start, start + scene.overlap, timeline.canvas.fps),
    )


def _all_edges(layers: Sequence[TimedLayer]) -> list[int]:
    return sorted({edge for layer in layers for edge in layer.edges()})


def _edges(scene: TimedScene, start: int, over: Sequence[int]) -> Iterator[int]:
    """The scene's frames at which something that is seen in it may begin, end or change."""
    for layer in scene.layers:
        yield from layer.edges()
    inside = slice(bisect_left(over, start), bisect_right(over, start + scene.frames))
    yield from (edge - start for edge in over[inside])


def _composite(
    timeline: Timeline, scene: TimedScene, start: int, first: int, end: int
) -> Composite:
    """The scene's frames [first, end), over the movie's lower layers if it is transparent."""
    fps = timeline.canvas.fps
    layers = _sliced(scene.layers, first, end, fps)
    if scene.background != "transparent":
        return Composite(scene.background, layers)
    return Composite("#000000", _sliced(timeline.below, start + first, start + end, fps) + layers)


def _sliced(layers: Sequence[TimedLayer], first: int, end: int, fps: int) -> tuple[Layer, ...]:
    there = (layer for layer in layers if layer.start < end and layer.end > first)
    return tuple(part for layer in there for part in _slices(layer, first, end, fps))


def _slices(layer: TimedLayer, first: int, end: int, fps: int) -> Iterator[Layer]:
    """The layer in those of the frames [first, end) in which it is there: one slice, or one for
    each play of a loop, or for what of it moves and for what stays.
    """
    begin, stop = max(first, layer.start), min(end, layer.end)
    for frames, clip in _parts(layer, begin - layer.start, stop - layer.start, fps):
        yield _slice(layer, begin, begin + frames, first, clip, fps)
        begin += frames


def _parts(
    layer: TimedLayer, age: int, end_age: int, fps: int
) -> Iterator[tuple[int, Clip | None]]:
    """What is seen of it in the ages [age, end_age): frames in a row; None is what stands still.

    In its last frames, those that are held, what was seen before them stays.
    """
    moves_until = layer.end - layer.start - layer.held
    if age < moves_until:
        yield from _moving(layer, age, min(end_age, moves_until), fps)
    if end_age > moves_until:
        ((_, clip),) = _moving(layer, max(0, moves_until - 1), max(1, moves_until), fps)
        yield end_age - max(age, moves_until), clip and replace(clip, held_after=1)


def _moving(
    layer: TimedLayer, age: int, end_age: int, fps: int
) -> Iterator[tuple[int, Clip | None]]:
    if isinstance(layer.picture, FramesPicture):
        yield from _animation(layer.picture, age, end_age)
    elif layer.playback is None:
        yield end_age - age, None
    else:
        for play in _plays(layer.playback, age, end_age, fps):
            yield play.frames, play.clip


def _animation(picture: FramesPicture, age: int, end_age: int) -> Iterator[tuple[int, Clip | None]]:
    """Its frames, then its last one, apart: what holds is then composed once."""
    if picture.loop_from is not None:
        yield from _rounds(picture, picture.loop_from, age, end_age)
        return
    last = picture.frames - 1
    if age < last:
        yield min(end_age, last) - age, Clip(skip_frames=age)
    if end_age > last:
        yield end_age - max(age, last), None


def _rounds(
    picture: FramesPicture, loop_from: int, age: int, end_age: int
) -> Iterator[tuple[int, Clip]]:
    """Each time round apart: what loops is held in memory. Many short ones are one loop."""
    round_frames = picture.frames - loop_from
    seen = age if age < loop_from else loop_from + (age - loop_from) % round_frames
    if end_age - age > CLIP_PLAYS_APART * round_frames:
        yield end_age - age, Clip(skip_frames=seen)
        return
    while age < end_age:
        frames = min(end_age - age, picture.frames - seen)
        yield frames, Clip(skip_frames=seen)
        age, seen = age + frames, loop_from


def _plays(playback: Playback, age: int, end_age: int, fps: int) -> Iterator[Play]:
    """What is shown in the ages [age, end_age): each time round apart, or a loop in memory."""
    period = period_frames(playback, fps)
    last = max(0, frames_of(playback.period_us / 1e6, fps) - 1)
    rounds = range(age // period, (end_age - 1) // period + 1)
    if len(rounds) > CLIP_PLAYS_APART:
        yield Play(end_age - age, Clip(playback.seek_us, age % period, period))
        return
    for number in rounds:
        from_age, to_age = max(age, number * period), min(end_age, (number + 1) * period)
        # A scene of a frame more holds the last one, which may be in the segment before.
        seen = min(from_age - number * period, last)
        yield Play(to_age - from_age, _clip(playback, seen, fps))


def _clip(playback: Playback, age: int, fps: int) -> Clip:
    seconds, frames = divmod(age, fps)
    return Clip(playback.seek_us + seconds * 1_000_000, frames)


def _slice(
    layer: TimedLayer, begin: int, stop: int, origin: int, clip: Clip | None, fps: int
) -> Layer:
    age, life = begin - layer.start, layer.end - layer.start
    picture = _drawn(layer.picture, begin, stop, fps)
    fades = tuple(_fades(layer, age, age + stop - begin, life))
    return Layer(
        picture,
        layer.look,
        begin - origin,
        stop - origin,
        age if fades or layer.look.ages else 0,
        Clip() if _draws_sound(picture) else clip,
        _mask(layer, age, age + stop - begin, fps),
        fades,
        tuple(_showing(layer, age, age + stop - begin)),
    )


def _showing(layer: TimedLayer, age: int, end_age: int) -> Iterator[tuple[int, int]]:
    """The slots that are seen in the ages [age, end_age), counted from `age`."""
    ends = [*(begin for begin, _ in layer.showing[1:]), layer.end - layer.start]
    for (begin, slot), end in zip(layer.showing, ends, strict=False):
        if begin < end_age and end > age:
            yield max(0, begin - age), slot


def _drawn(picture: Picture, begin: int, stop: int, fps: int) -> Picture:
    """The picture in those frames of its container: a waveform hears what they show, no more."""
    if not isinstance(picture, WaveformPicture):
        return picture
    shown = raster(fps)
    first, end = samples_at(begin - shown.lead, fps), samples_at(stop + shown.tail, fps)
    return replace(picture, sounds=tuple(excerpts(picture.sounds, first, end)))


def _draws_sound(picture: Picture) -> bool:
    return isinstance(picture, WaveformPicture) and picture.moves


def _fades(layer: TimedLayer, age: int, end_age: int, life: int) -> Iterator[Fade]:
    """The fades that touch the ages [age, end_age)."""
    if age < layer.fade_in:
        yield Fade("in", 0, layer.fade_in)
    if layer.fade_out and end_age > life - layer.fade_out:
        yield Fade("out", life - layer.fade_out, layer.fade_out)


def _mask(layer: TimedLayer, age: int, end_age: int, fps: int) -> Mask | None:
    if layer.mask is None:
        return None
    picture, playback = layer.mask
    return Mask(picture, tuple(_plays(playback, age, end_age, fps)) if playback else ())


def _planned_scenes(timeline: Timeline) -> Iterator[PlannedScene]:
    """Scene sounds, and their places: edges are rounded from the movie's start, never drifting."""
    fps = timeline.canvas.fps
    for scene, start in zip(timeline.scenes, timeline.starts(), strict=True):
        first, end = samples_at(start, fps), samples_at(start + scene.frames, fps)
        overlap = samples_at(start + scene.overlap, fps) - first if scene.overlap else 0
        yield PlannedScene(sound_task(scene, fps), end - first, overlap)
