"""Cuts: where a scene's frames are cut into segments. Pure; what lies in them is others'.

What moves is cut at fixed places. What stands still for a while is one picture, which is encoded
once: the movie holds it, for as long as it is seen.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise, starmap

from resplice.core.pieces import SEGMENT_SECONDS
from resplice.frozen import frozen

STANDS_SECONDS = 3
"""What stands still for a shorter time beside what moves is not worth key frames of its own: they
are what makes a file large."""
FEWEST = 2
"""Frames of what stands, and of what moves beside it. Two key frames in a row may not be numbered
alike, and the first one of each segment is (ITU-T H.264, 7.4.3, idr_pic_id)."""


@frozen
class Cut:
    """The frames [first, end) of a scene as a segment. stands: all of them are one picture, however
    many they are.
    """

    first: int
    end: int
    stands: bool = False


def cuts(
    first: int, end: int, fps: int, edges: Iterable[int], stands: Callable[[int, int], bool]
) -> Iterator[Cut]:
    """[first, end) in order. edges: frames at which something may begin, end or change; of two of
    them in a row, `stands` tells whether all frames between them are one picture.

    What becomes of a stretch is decided by itself alone: an edit of one is none of the others.
    """
    inside = sorted({first, end, *(edge for edge in edges if first < edge < end)})

    def whole(begin: int, stop: int) -> Cut:
        unchanged = bisect_right(inside, begin) == bisect_left(inside, stop)
        return Cut(begin, stop, stands=unchanged and stands(begin, stop))

    moving = first
    for begin, stop in pairwise(inside):
        if stop - begin < STANDS_SECONDS * fps:
            continue
        begin, stop = _beside(begin, moving, 1), _beside(stop, end, -1)
        if stop - begin >= min(FEWEST, end - first) and (found := whole(begin, stop)).stands:
            yield from starmap(whole, _fixed(moving, found.first, fps))
            yield found
            moving = found.end
    yield from starmap(whole, _fixed(moving, end, fps))


def _beside(frame: int, other: int, step: int) -> int:
    """The frame, or the first after it that leaves enough frames up to the other."""
    return other + step * FEWEST if 0 < abs(frame - other) < FEWEST else frame


def _fixed(first: int, end: int, fps: int) -> Iterator[tuple[int, int]]:
    """Cut at fixed places of the scene, whatever is taken off at its ends."""
    step = SEGMENT_SECONDS * fps
    while first < end:
        stop = max((first // step + 1) * step, first + FEWEST)
        if stop < end < stop + FEWEST:
            stop = end - FEWEST
        if stop < first + FEWEST or stop > end:
            stop = end
        yield first, stop
        first = stop
