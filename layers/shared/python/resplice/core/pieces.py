"""Pieces: the work that a movie is joined from, as frozen values: segments, sounds, the stitch.

They say everything about one piece, and nothing about its place. A piece's fingerprint is its
storage key, so every field here answers: does it change the bytes?
"""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.composition import Canvas, Composite, Layer, Sound
from resplice.core.tagged import tag_of
from resplice.frozen import frozen

SAMPLE_RATE = 48_000
SEGMENT_SECONDS = 10
"""A constant of the format, not of the machine: keys must not change with the hardware."""
GROUP_SECONDS = 2
"""How long pictures that move go on from a key frame, which is what players seek to."""


def samples_at(frame: int, fps: int) -> int:
    """The sample at which a frame begins, rounded to the nearest."""
    return (2 * frame * SAMPLE_RATE + fps) // (2 * fps)


@frozen
class Profile:
    """How pictures are encoded. Threads are pinned: x264's output depends on their number.

    stands: it is one picture, which is shown for as long as nothing changes. held_crf: what then
    stands in place of crf, so that it looks as the same picture does in a long run
    """

    preset: str
    crf: int
    held_crf: int
    threads: int = 2
    audio_bitrate: int = 192_000
    stands: bool = False


PROFILES: dict[str, Profile] = {
    "low": Profile(preset="ultrafast", crf=28, held_crf=23, audio_bitrate=128_000),
    "medium": Profile(preset="superfast", crf=23, held_crf=19, audio_bitrate=160_000),
    "high": Profile(preset="veryfast", crf=18, held_crf=18),
    "very_high": Profile(preset="veryfast", crf=15, held_crf=15),
}


@frozen
class SegmentTask:
    """A run of frames, encoded by itself: part of a scene, or the overlap of a transition; or the
    one frame of what stands still.
    """

    canvas: Canvas
    profile: Profile
    frames: int
    picture: Composite
    into: Composite | None = None
    style: str = ""
    above: tuple[Layer, ...] = ()

    def layers(self) -> tuple[Layer, ...]:
        """Everything that is drawn."""
        return (*self.picture.layers, *(self.into.layers if self.into else ()), *self.above)

    def kinds(self) -> tuple[str, ...]:
        """What is drawn, in words: what is of the same takes about as long for each frame."""
        drawn = sorted(" ".join(_kinds(layer)) for layer in self.layers())
        standing = ["standing"] if self.profile.stands else []
        return (*drawn, *([self.style] if self.style else []), *standing)

    def digests(self) -> frozenset[str]:
        """Every content that the pictures are made of."""
        layers = self.layers()
        masks = [layer.mask.picture for layer in layers if layer.mask]
        pictures = [*(layer.picture for layer in layers), *masks]
        return frozenset(digest for picture in pictures for digest in picture.digests)


def _kinds(layer: Layer) -> Iterator[str]:
    yield tag_of(layer.picture)
    if layer.picture.moves:
        yield "moving"
    if layer.look.ages:
        yield "travelling"
    if layer.mask:
        yield "masked"


@frozen
class StillTask:
    """One frame of a segment, as a picture.

    segment  what lies in it, one frame long
    passed   of a transition: how many of its frames are before this one
    overlap  of how many in all; 0 when it is none
    size     (width, height) that it is scaled to; None: as large as the canvas
    """

    segment: SegmentTask
    passed: int = 0
    overlap: int = 0
    size: tuple[int, int] | None = None

    @property
    def frames(self) -> int:
        return 1

    def digests(self) -> frozenset[str]:
        """Every content that it is made of."""
        return self.segment.digests()


@frozen
class SheetTask:
    """Stills side by side in one picture, row by row.

    stills  their keys
    cell    (width, height) of each, pixels
    gap     pixels between them, and around all
    """

    stills: tuple[str, ...]
    columns: int
    cell: tuple[int, int]
    gap: int = 8

    @property
    def rows(self) -> int:
        return -(-len(self.stills) // self.columns)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the whole."""
        (width, height), gap = self.cell, self.gap
        return self.columns * (width + gap) + gap, self.rows * (height + gap) + gap

    def digests(self) -> frozenset[str]:
        """It is made of stills alone."""
        return frozenset()


@frozen
class SoundTask:
    """All that is heard in a scene: stereo, lossless, exactly `samples` long."""

    samples: int
    sounds: tuple[Sound, ...]

    @property
    def frames(self) -> int:
        """Of a picture, which it has none of."""
        return 0

    def digests(self) -> frozenset[str]:
        """Every content that is heard."""
        return _digests(self.sounds)


def _digests(sounds: tuple[Sound, ...]) -> frozenset[str]:
    return frozenset(sound.source.digest for sound in sounds)


@frozen
class Stretch:
    """A scene's place in the movie's sound. key is of its SoundTask, None when it is silent.

    overlap is how many samples it shares with the stretch before it: they cross-fade.
    """

    key: str | None
    samples: int
    overlap: int = 0


def _keys(stretches: tuple[Stretch, ...]) -> frozenset[str]:
    return frozenset(stretch.key for stretch in stretches if stretch.key)


@frozen
class RowTask:
    """Some of a long movie's stretches in a row, lossless: one mix opens only so many files."""

    stretches: tuple[Stretch, ...]

    @property
    def frames(self) -> int:
        """Of a picture, which it has none of."""
        return 0

    def digests(self) -> frozenset[str]:
        """It is made of stretches alone."""
        return frozenset()

    def keys(self) -> frozenset[str]:
        """Of the stored stretches."""
        return _keys(self.stretches)


@frozen
class MixTask:
    """The movie's sound: scenes in a row, movie-level sounds over them, encoded once."""

    stretches: tuple[Stretch, ...]
    sounds: tuple[Sound, ...]
    samples: int
    bitrate: int

    @property
    def frames(self) -> int:
        """Of a picture, which it has none of."""
        return 0

    def digests(self) -> frozenset[str]:
        """Every content that is heard beside the stretches."""
        return _digests(self.sounds)

    def keys(self) -> frozenset[str]:
        """Of the stored stretches."""
        return _keys(self.stretches)


@frozen
class Piece:
    """A segment in the movie: its key and its length in frames. held: one frame is stored, which is
    shown all the time.
    """

    key: str
    frames: int
    held: bool = False


@frozen
class PosterTask:
    """A picture of one frame of a stored segment. piece: its key. frame: of the segment, from 0."""

    piece: str
    frame: int
    fps: int


@frozen
class StitchTask:
    """The movie: pieces in order and the mix's key, copied into one MP4."""

    canvas: Canvas
    pieces: tuple[Piece, ...]
    mix: str | None
