"""Tasks: frozen values that say everything about one piece of work, and nothing about its place.

A task's fingerprint is its storage key, so every field here answers: does it change the bytes?
Times are whole frames of the canvas clock (or samples), relative to the task's own start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from resplice.core.facts import MediaFacts, MediaKind

SAMPLE_RATE = 48_000
SEGMENT_SECONDS = 10
"""A constant of the format, not of the machine: keys must not change with the hardware."""

Colour = str
Side = Literal["in", "out"]


@dataclass(frozen=True)
class Profile:
    """How pictures are encoded. Threads are pinned: x264's output depends on their number."""

    preset: str
    crf: int
    threads: int = 2
    audio_bitrate: int = 192_000


PROFILES: dict[str, Profile] = {
    "low": Profile(preset="ultrafast", crf=28, audio_bitrate=128_000),
    "medium": Profile(preset="superfast", crf=23, audio_bitrate=160_000),
    "high": Profile(preset="veryfast", crf=18),
    "very_high": Profile(preset="veryfast", crf=15),
}


@dataclass(frozen=True)
class Canvas:
    """The frame: even pixels, whole frames per second."""

    width: int
    height: int
    fps: int


@dataclass(frozen=True)
class Box:
    """A rectangle in whole pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Source:
    """A media file as a task knows it: by content, with the facts that decide how it is read."""

    digest: str
    demuxer: str
    kind: MediaKind
    width: int
    height: int
    has_alpha: bool
    decoder: str = ""
    untagged: bool = False

    @classmethod
    def of(cls, facts: MediaFacts) -> Source:
        return cls(
            facts.digest,
            facts.demuxer,
            facts.kind,
            facts.width,
            facts.height,
            facts.has_alpha,
            facts.decoder,
            facts.untagged,
        )


@dataclass(frozen=True)
class Clip:
    """Which frames of a moving source are shown.

    seek_us      microseconds into the source where decoding starts; whole seconds from the
                 element's own seek, so that the frame grid is the same wherever a clip is split
    skip_frames  frames of the canvas clock dropped after that
    loop_frames  0, or the length of the part that repeats (then skip_frames counts in the loop)
    """

    seek_us: int = 0
    skip_frames: int = 0
    loop_frames: int = 0


@dataclass(frozen=True)
class Play:
    """Frames of a clip in a row."""

    frames: int
    clip: Clip


@dataclass(frozen=True)
class ChromaKey:
    colour: Colour
    tolerance: float


@dataclass(frozen=True)
class Correction:
    brightness: float
    contrast: float
    gamma: float
    saturation: float


@dataclass(frozen=True)
class Motion:
    """A view that travels over a picture: Ken Burns. Linear in scale and in position.

    At a progress p of 0..1 the view is 1/scale of the picture in each direction, and lies at
    the fraction position of what is left over (0 = left or top, 1 = right or bottom).
    """

    scale_from: float
    scale_to: float
    x_from: float
    x_to: float
    y_from: float
    y_to: float
    life_frames: int


@dataclass(frozen=True)
class Rotation:
    """Degrees clockwise; turn_frames is how many frames a turn through them takes, 0 = still."""

    angle: float
    turn_frames: float = 0


@dataclass(frozen=True)
class Fade:
    """Opacity rising or falling over `frames`, beginning at `start_frame` of the layer's life."""

    side: Side
    start_frame: int
    frames: int


@dataclass(frozen=True)
class Look:
    """How a source is drawn, in this order: crop, key, correct, flip, scale, cut, pad, move.

    scaled   the size that the cropped source is scaled to
    cut      what is kept of it (cover)
    pad      a transparent box it is set into: x, y inside, width and height of the whole
    size     the size drawn, after motion; the picture's own when nothing moves
    x, y     where its top left corner lies on the canvas, before rotation about its middle
    """

    scaled: tuple[int, int]
    size: tuple[int, int]
    x: int
    y: int
    crop: Box | None = None
    chroma_key: ChromaKey | None = None
    correction: Correction | None = None
    flip_horizontal: bool = False
    flip_vertical: bool = False
    cut: Box | None = None
    pad: Box | None = None
    motion: Motion | None = None
    rotation: Rotation | None = None


@dataclass(frozen=True)
class Mask:
    """Grey levels that become transparency. plays: what a moving one shows, one after another."""

    source: Source
    plays: tuple[Play, ...] = ()


@dataclass(frozen=True)
class Layer:
    """One source on the canvas for the frames [first, end) of a segment.

    age is how many frames of its life have passed at `first`; 0 when nothing about the layer
    depends on it, so that what stands still is the same task everywhere.
    """

    source: Source
    look: Look
    first: int
    end: int
    age: int = 0
    clip: Clip | None = None
    mask: Mask | None = None
    fades: tuple[Fade, ...] = ()


@dataclass(frozen=True)
class Composite:
    """Layers over a ground, bottom first."""

    background: Colour
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class SegmentTask:
    """A run of frames, encoded by itself: part of a scene, or the overlap of a transition."""

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

    def sources(self) -> frozenset[Source]:
        """Every file that the pictures are made of."""
        layers = self.layers()
        masks = [layer.mask.source for layer in layers if layer.mask]
        return frozenset([*(layer.source for layer in layers), *masks])


@dataclass(frozen=True)
class Sound:
    """A source heard over the samples [first, end) of a task.

    seek_us       where in the source playing starts, microseconds
    loop_samples  0, or the length of the part that repeats
    fade_in/out   samples at the two ends
    """

    source: Source
    first: int
    end: int
    seek_us: int
    volume: float
    loop_samples: int = 0
    fade_in: int = 0
    fade_out: int = 0


@dataclass(frozen=True)
class SoundTask:
    """All that is heard in a scene: stereo, lossless, exactly `samples` long."""

    samples: int
    sounds: tuple[Sound, ...]


@dataclass(frozen=True)
class Stretch:
    """A scene's place in the movie's sound. key is of its SoundTask, None when it is silent.

    overlap is how many samples it shares with the stretch before it: they cross-fade.
    """

    key: str | None
    samples: int
    overlap: int = 0


@dataclass(frozen=True)
class RowTask:
    """Some of a long movie's stretches in a row, lossless: one mix opens only so many files."""

    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class MixTask:
    """The movie's sound: scenes in a row, movie-level sounds over them, encoded once."""

    stretches: tuple[Stretch, ...]
    sounds: tuple[Sound, ...]
    samples: int
    bitrate: int


@dataclass(frozen=True)
class Piece:
    """A segment in the movie: its key and its length in frames."""

    key: str
    frames: int


@dataclass(frozen=True)
class StitchTask:
    """The movie: pieces in order and the mix's key, copied into one MP4."""

    canvas: Canvas
    pieces: tuple[Piece, ...]
    mix: str | None
