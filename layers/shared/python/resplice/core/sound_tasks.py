"""Timed sounds to samples: the task of a scene's sound, and what each waveform shows of them.

Samples count from the beginning of the scene or of the movie.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from resplice.core.composition import Sound, WaveformPicture
from resplice.core.frame_grid import frames_of
from resplice.core.lengths import period_frames
from resplice.core.pieces import SAMPLE_RATE, SoundTask, samples_at
from resplice.core.sounds import TimedSound
from resplice.core.timeline import TimedLayer, TimedScene, Timeline


def sound_task(scene: TimedScene, fps: int) -> SoundTask | None:
    """The scene's sound, a sample longer than it may need: its place decides the last one.

    What is heard at its end is heard in that sample too, or scenes would join with a click.
    """
    if not scene.sounds:
        return None
    length = samples_at(scene.frames, fps)
    sounds = (placed(sound, fps) for sound in scene.sounds)
    held = (_held(s, length + 1) if s.end >= length else s for s in sounds)
    return SoundTask(length + 1, tuple(held))


def _held(sound: Sound, end: int) -> Sound:
    """The sound until there, with no more fading out than is left: its beginning may have been put
    on a frame that is later.
    """
    return replace(sound, end=end, fade_out=min(sound.fade_out, end - sound.first))


def placed(sound: TimedSound, fps: int) -> Sound:
    """The sound in samples of its container. A picture's begins with its first frame.

    Rounded, it may be a sample shorter than what fades of it: FFmpeg refuses that.
    """
    first, end = (round(second * SAMPLE_RATE) for second in (sound.start_s, sound.end_s))
    length = end - first
    if sound.in_step_with_frames:
        shift = samples_at(frames_of(sound.start_s, fps), fps) - first
        first, end = first + shift, end + shift
    return Sound(
        sound.source,
        first,
        end,
        sound.playback.seek_us,
        sound.volume,
        _loop_samples(sound, fps),
        min(round(sound.fade_in_s * SAMPLE_RATE), length),
        min(round(sound.fade_out_s * SAMPLE_RATE), length),
    )


def _loop_samples(sound: TimedSound, fps: int) -> int:
    """The period of a loop. A video's sound begins again with its picture, on a frame."""
    playback = sound.playback
    if playback.plays == 1:
        return 0
    if sound.in_step_with_frames:
        return samples_at(period_frames(playback, fps), fps)
    return max(1, round(playback.period_us * SAMPLE_RATE / 1e6))


def with_waveforms(timeline: Timeline) -> Timeline:
    """The timeline, its waveforms knowing all that is heard in their scene, or in the movie."""
    fps = timeline.canvas.fps
    scenes = (
        replace(scene, layers=_hearing(scene.layers, (placed(s, fps) for s in scene.sounds)))
        for scene in timeline.scenes
    )
    return replace(
        timeline,
        scenes=tuple(scenes),
        below=_hearing(timeline.below, _of_movie(timeline)),
        above=_hearing(timeline.above, _of_movie(timeline)),
    )


def _hearing(layers: Sequence[TimedLayer], sounds: Iterable[Sound]) -> tuple[TimedLayer, ...]:
    if not any(isinstance(layer.picture, WaveformPicture) for layer in layers):
        return tuple(layers)
    heard = tuple(sounds)
    return tuple(
        replace(layer, picture=replace(layer.picture, sounds=heard))
        if isinstance(layer.picture, WaveformPicture)
        else layer
        for layer in layers
    )


def _of_movie(timeline: Timeline) -> Iterator[Sound]:
    """All sounds of the movie and of its scenes, at their places in the movie."""
    fps, scenes = timeline.canvas.fps, timeline.scenes
    yield from (placed(sound, fps) for sound in timeline.sounds)
    for index, start in enumerate(timeline.starts()):
        scene = scenes[index]
        first, end = samples_at(start, fps), samples_at(start + scene.frames, fps)
        fading_in = samples_at(scene.overlap, fps)
        fading_out = samples_at(scenes[index + 1].overlap, fps) if scenes[index + 1 :] else 0
        for sound in scene.sounds:
            there = placed(sound, fps)
            moved = replace(there, first=there.first + first, end=min(there.end + first, end))
            if moved.first < moved.end:
                yield _crossing(moved, first, end, fading_in, fading_out)


def _crossing(sound: Sound, first: int, end: int, fading_in: int, fading_out: int) -> Sound:
    """A sound of the scene in [first, end), faded as transitions of that length fade the scene.

    Exact for what begins and ends with its scene. A sound that begins or ends in a transition,
    or fades there by itself, is not faded more.
    """
    length = sound.end - sound.first
    opens = sound.first <= first and not sound.fade_in
    closes = sound.end >= end - 1 and not sound.fade_out
    return replace(
        sound,
        fade_in=min(length, fading_in) if opens else sound.fade_in,
        fade_out=min(length, fading_out) if closes else sound.fade_out,
    )
