"""Cuts: where a scene's frames are cut into segments. Pure; what lies in them is others'.

What moves is cut at fixed places. What stands still for a while is a short group of pictures that
is encoded once: the movie holds copies of it, one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from resplice.core.pieces import GROUP_SECONDS, SEGMENT_SECONDS, STANDING_GROUP_SECONDS
from resplice.frozen import frozen

STANDS_SECONDS = 3
"""What stands still for a shorter time is not worth runs of its own."""
FEWEST = 2
"""Frames of what stands, and of what moves beside it. Two key frames in a row may not be numbered
alike, and the first one of each segment is (ITU-T H.264, 7.4.3, idr_pic_id)."""


@frozen
class Cut:
    """The frames [first, end) of a scene as a segment, which is shown `times` times in a row.

    stands: all its frames are one picture
    """

    first: int
    end: int
    times: int = 1
    stands: bool = False

    @property
    def after(self) -> int:
        """The frame that follows when it was shown as often."""
        return self.first + self.times * (self.end - self.first)


def cuts(
    first: int, end: int, fps: int, edges: Iterable[int], stands: Callable[[int, int], bool]
) -> Iterator[Cut]:
    """[first, end) in order. edges: frames at which something may begin, end or change; of two of
    them in a row, `stands` tells whether all frames between them are one picture.
    """
    moving, left = first, _groups(end - first, GROUP_SECONDS * fps)
    for begin, stop in _long(first, end, fps, edges):
        begin, stop = _beside(begin, moving, 1), _beside(stop, end, -1)
        standing = _standing(moving, begin, stop, end, fps, left)
        if standing and stands(begin, stop):
            begin = standing[0].first
            yield from _moving(moving, begin, fps)
            yield from standing
            left -= _groups(begin - moving, GROUP_SECONDS * fps) + sum(
                cut.times for cut in standing
            )
            moving = standing[-1].after
    yield from _moving(moving, end, fps)


def _long(first: int, end: int, fps: int, edges: Iterable[int]) -> list[tuple[int, int]]:
    """What lies between two edges in a row, where that is long enough."""
    inside = sorted({first, end, *(edge for edge in edges if first < edge < end)})
    return [each for each in pairwise(inside) if each[1] - each[0] >= STANDS_SECONDS * fps]


def _beside(frame: int, other: int, step: int) -> int:
    """The frame, or the first after it that leaves enough frames up to the other."""
    return other + step * FEWEST if 0 < abs(frame - other) < FEWEST else frame


def _moving(first: int, end: int, fps: int) -> Iterator[Cut]:
    """Cut at fixed places of the scene, whatever is taken off at its ends."""
    step = SEGMENT_SECONDS * fps
    while first < end:
        stop = min(end, (first // step + 1) * step)
        yield Cut(first, stop)
        first = stop


def _standing(moving: int, begin: int, stop: int, end: int, fps: int, left: int) -> list[Cut]:
    """[begin, stop) in equal groups, of [moving, end) that has so many left; a few frames may be
    left to what moves beside it. None when it takes more than there are: whole pictures are what
    makes a file large.
    """
    frames = stop - begin
    most = left - _groups(begin - moving, GROUP_SECONDS * fps)
    most -= _groups(end - stop, STANDING_GROUP_SECONDS * fps)
    most = min(most, _groups(frames, GROUP_SECONDS * fps), frames // FEWEST)
    fewest = max(2, _groups(frames, STANDING_GROUP_SECONDS * fps))
    encoded = {
        frames // count + frames % count: count
        for count in range(most, fewest - 1, -1)
        if moving < begin or stop < end or frames % count == 0
    }
    if encoded:
        count = encoded[min(encoded)]
        first = begin + frames % count if moving < begin else begin
        return [Cut(first, first + frames // count, count, stands=True)]
    whole = moving == begin and stop == end
    return _with_rest(begin, stop, GROUP_SECONDS * fps) if whole else []


def _groups(frames: int, longest: int) -> int:
    """How many it takes."""
    return -(-frames // longest)


def _with_rest(begin: int, stop: int, length: int) -> list[Cut]:
    """All groups are equal but the last, which is one more than it would take: where that pays."""
    if 0 < (stop - begin) % length < FEWEST:
        length -= 1
    times, rest = divmod(stop - begin, length)
    if times < 2 or length < FEWEST:
        return []
    equal = Cut(begin, begin + length, times, stands=True)
    return [equal, Cut(equal.after, stop, stands=True)] if rest else [equal]
