"""What a waveform is drawn from: how much sound each frame of it shows, and what is heard in that.

Pure sums. What the wave looks like is in filtergraph/waveform.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from resplice.core.composition import Sound
from resplice.core.pieces import SAMPLE_RATE
from resplice.frozen import frozen

WINDOWS_A_SECOND = 10
"""A frame shows the tenth of a second around it, or its own time where that is longer."""
COLUMNS = 36
"""Levels seen at once, more or less: more make a comb, fewer a bar."""
SMOOTHED = 3
"""Frames whose waves are averaged, so that nothing flickers."""


@frozen
class Raster:
    """How sound becomes columns.

    frames   of sound seen at once
    columns  made of each of them; the peak of so many samples in a row
    samples  in a column, at `rate`
    rate     of the sound, samples a second: SAMPLE_RATE wherever that makes whole columns
    """

    frames: int
    columns: int
    samples: int
    rate: int

    @property
    def lead(self) -> int:
        """Frames of sound needed before the first frame that is drawn."""
        return self.frames // 2 + SMOOTHED // 2

    @property
    def tail(self) -> int:
        """Frames of sound needed after the last frame that is drawn."""
        return self.frames - 1 + SMOOTHED - 1 - self.lead


@lru_cache
def raster(fps: int) -> Raster:
    """The raster at that frame rate. Columns are whole samples in every frame, so that none drifts
    and a frame is the same wherever drawing began.
    """
    frames = max(1, fps // WINDOWS_A_SECOND)
    wanted = COLUMNS // frames

    def made(columns: int) -> Raster:
        samples = max(1, round(SAMPLE_RATE / (fps * columns)))
        return Raster(frames, columns, samples, samples * columns * fps)

    def fitness(one: Raster) -> tuple[int, int]:
        return abs(one.rate - SAMPLE_RATE), abs(one.columns - wanted)

    return min((made(wanted + off) for off in range(-wanted // 6, wanted // 6 + 1)), key=fitness)


def excerpts(sounds: Iterable[Sound], first: int, end: int) -> Iterator[Sound]:
    """What of the sounds is heard in the samples [first, end), which become [0, end - first).

    A sound that began before is sought, so that its place is nowhere in it; it still begins before
    0 when it fades or loops, which goes by its own age.
    """
    for sound in sounds:
        if sound.first < end and sound.end > first:
            yield _excerpt(sound, first, end)


def _excerpt(sound: Sound, first: int, end: int) -> Sound:
    fades_out = sound.fade_out > 0 and sound.end - sound.fade_out < end
    fades_in = first < sound.first + sound.fade_in
    stop = sound.end if fades_out else min(sound.end, end)
    past = 0 if fades_in else max(0, first - sound.first)
    if fades_out:
        past = min(past, sound.end - sound.first - sound.fade_out)
    loop, last = sound.loop_samples, stop - sound.first - 1
    begun = skipped = past
    if loop and past // loop == last // loop:
        skipped, loop = past % loop, 0
    elif loop:
        begun, skipped = past - past % loop, 0
    return replace(
        sound,
        first=sound.first + begun - first,
        end=stop - first,
        seek_us=_sought(sound.seek_us, skipped),
        loop_samples=loop,
        fade_in=sound.fade_in if fades_in else 0,
        fade_out=sound.fade_out if fades_out else 0,
    )


def _sought(seek_us: int, samples: int) -> int:
    """Microseconds of a place so many samples on: they round to that very sample."""
    if not samples:
        return seek_us
    place = round(seek_us * SAMPLE_RATE / 1e6) + samples
    return round(place * 1e6 / SAMPLE_RATE)
