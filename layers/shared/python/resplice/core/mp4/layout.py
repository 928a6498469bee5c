"""In which order the samples of pieces lie in their movie.

Sound lies shortly before the pictures that it is heard with, so that who plays the movie while it
loads has both. Of a large piece most pictures lie in one run, which a store may copy by itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from resplice.core.mp4.spans import Run, Span, size_of
from resplice.core.mp4.track import Track
from resplice.frozen import frozen

APART_SECONDS = 1
BETWEEN_BYTES = 6 << 20
"""Of a large piece, the pictures that lie with sound among them. S3 copies runs of 5 MiB and more
by itself, and what lies between two of them must be as large.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
"""
LARGE_BYTES = 2 * BETWEEN_BYTES


@frozen
class Piece:
    """A stored file with one track.

    following: what lies in no file, where one picture is held: the samples after each key frame,
    which is the one that is stored. The track says of all of them how they lie in the movie.
    """

    key: str
    version: str
    track: Track
    following: tuple[bytes, ...] = ()

    def repeating(self, first: int, end: int) -> Iterator[Span]:
        """The bytes of the samples [first, end) of one that is held."""
        picture = Run(self.key, self.version, self.track.first, self.track.sizes[0])
        while first < end:
            begin, after = self._group(first)
            stop = min(end, after)
            if first == begin:
                yield picture
            yield b"".join(self.following[max(0, first - begin - 1) : stop - begin - 1])
            first = stop

    def _group(self, sample: int) -> tuple[int, int]:
        """Where the key frame before the sample is, and the one after it, or the end."""
        leaps = self.track.leaps or ()
        at = bisect_right(leaps, sample + 1)
        return leaps[at - 1] - 1, leaps[at] - 1 if at < len(leaps) else len(self.track.sizes)


@frozen
class Chunk:
    """Samples that lie one behind the other."""

    spans: tuple[Span, ...]
    samples: int
    is_sound: bool

    @property
    def size_bytes(self) -> int:
        return size_of(self.spans)


def laid(pictures: Sequence[Piece], sound: Piece | None, fps: int) -> Iterator[Chunk]:
    """All samples in the order in which they lie, sound before pictures."""
    heard, frames = _Reel(sound) if sound else None, 0
    for piece in pictures:
        reel = _Reel(piece)
        for count in _counts(piece, fps):
            frames += count
            if heard:
                yield from heard.until(-(-frames * heard.track.scale // fps))
            yield reel.next(count, is_sound=False)
    if heard:
        yield from heard.rest()


def _counts(piece: Piece, fps: int) -> Iterator[int]:
    """How many pictures lie in each run. Of one that is held no run is long."""
    sizes, done, lain = piece.track.sizes, 0, 0
    large = not piece.following and sum(sizes) >= LARGE_BYTES
    while left := len(sizes) - done:
        count = left if large and lain >= BETWEEN_BYTES else min(APART_SECONDS * fps, left)
        lain += sum(sizes[done : done + count])
        done += count
        yield count


class _Reel:
    """A piece, of which some samples have been laid."""

    def __init__(self, piece: Piece) -> None:
        self.track = piece.track
        self._piece, self._done, self._offset = piece, 0, piece.track.first

    def next(self, count: int, *, is_sound: bool) -> Chunk:
        end = self._done + count
        if self._piece.following:
            spans = tuple(self._piece.repeating(self._done, end))
        else:
            size = sum(self.track.sizes[self._done : end])
            spans = (Run(self._piece.key, self._piece.version, self._offset, size),)
            self._offset += size
        self._done = end
        return Chunk(spans, count, is_sound)

    def until(self, tick: int) -> Iterator[Chunk]:
        """What is heard before that."""
        yield from self._up_to(bisect_left(self.track.shown, tick, self._done))

    def rest(self) -> Iterator[Chunk]:
        yield from self._up_to(len(self.track.sizes))

    def _up_to(self, end: int) -> Iterator[Chunk]:
        if end > self._done:
            yield self.next(end - self._done, is_sound=True)
