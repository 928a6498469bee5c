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

    What becomes of a stretch is decided by itself alone: an edit of one is none of the others.
    """
    moving = first
    for begin, stop in _long(first, end, fps, edges):
        begin, stop = _beside(begin, moving, 1), _beside(stop, end, -1)
        standing = _standing(begin, stop, fps, before=first < begin, after=stop < end)
        if standing and stands(begin, stop):
            yield from _moving(moving, standing[0].first, fps)
            yield from standing
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
        stop = max((first // step + 1) * step, first + FEWEST)
        if stop < end < stop + FEWEST:
            stop = end - FEWEST
        if stop < first + FEWEST or stop > end:
            stop = end
        yield Cut(first, stop)
        first = stop


def _standing(begin: int, stop: int, fps: int, *, before: bool, after: bool) -> list[Cut]:
    """[begin, stop) in equal groups; what is left over goes with what is before, or is a segment.
    None where it needs more key frames than it has uncut: they are what makes a file large.

    before, after: whether there is anything, which then has a key frame beside.
    """
    frames, group = stop - begin, GROUP_SECONDS * fps
    most = frames // group - (before and after) if before or after else _groups(frames, group)
    fewest = max(2, _groups(frames, STANDING_GROUP_SECONDS * fps))
    rests = {count: _rest(frames, count) for count in range(most, fewest - 1, -1)}
    encoded = {
        (frames - rest) // count + rest: count
        for count, rest in rests.items()
        if count * FEWEST <= frames - rest and (before or not rest or count < most)
    }
    if not encoded:
        return []
    count = encoded[min(encoded)]
    rest = rests[count]
    first = begin + rest if before else begin
    groups = Cut(first, first + (frames - rest) // count, count, stands=True)
    left = [] if before or not rest else [Cut(stop - rest, stop, stands=True)]
    return [groups, *left]


def _rest(frames: int, count: int) -> int:
    """What is left over of so many equal groups: nothing, or enough for a segment."""
    rest = frames % count
    return rest + count if 0 < rest < FEWEST else rest


def _groups(frames: int, longest: int) -> int:
    """How many it takes."""
    return -(-frames // longest)
