"""The frame grid: seconds as exact fractions, and the whole frames nearest to them. Pure sums.

It knows nothing of documents, elements or files. Sums are rational numbers, so that they do not
drift, and each place on the grid is rounded from the exact sum, so that no error adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Protocol

from resplice.frozen import frozen

NOISE = Fraction(1, 1_000_000)
HALF = Fraction(1, 2) + NOISE
"""Halves of a frame are rounded up, and so is what is a half but for float noise."""


class Spanned(Protocol):
    """What lasts whole frames, the first of which it may share with what is before it."""

    @property
    def frames(self) -> int: ...
    @property
    def overlap(self) -> int: ...


@frozen
class Span:
    """The whole frames of a scene; overlap is how many of its first ones it shares."""

    frames: int
    overlap: int


def starts_of(row: Iterable[Spanned]) -> list[int]:
    """The frame at which each begins."""
    found, frame = list[int](), 0
    for each in row:
        frame -= each.overlap
        found.append(frame)
        frame += each.frames
    return found


@lru_cache(4096)
def exact(seconds: float) -> Fraction:
    """The number as a document writes it: 0.1 is a tenth, not the float that is nearest to it."""
    return Fraction(str(seconds))


def frame_shown_at(seconds: float, fps: int) -> int:
    """The number of the frame that is shown at that time: it stays until the next one's."""
    return floor(exact(seconds) * fps + NOISE)


def of_microseconds(length_us: int) -> Fraction:
    """Seconds, exactly."""
    return Fraction(length_us, 1_000_000)


def frames_of(seconds: float | Fraction, fps: int) -> int:
    """The nearest whole number of frames, halves up."""
    return floor(seconds * fps + HALF)


def at_least_a_frame(seconds: Fraction, fps: int) -> Fraction:
    """The seconds, or a frame's if they are fewer: no scene is shorter than what can be shown."""
    return max(seconds, Fraction(1, fps))


def spans(scenes: Iterable[tuple[Fraction, Fraction]], fps: int) -> Iterator[Span]:
    """Scenes one after another, each a (length, overlap with the one before) in exact seconds.

    A length is at least a frame; an overlap is no longer than its scene, nor than what the
    overlap before it left of the scene before. Each scene then begins and ends at the frames
    nearest to its exact seconds, and so has one frame more in one place than in another.
    """
    end_s, end = Fraction(0), 0
    for length_s, overlap_s in scenes:
        start_s = end_s - overlap_s
        end_s = start_s + length_s
        start, before = frames_of(start_s, fps), end
        end = frames_of(end_s, fps)
        yield Span(end - start, before - start)
