"""Tasks: frozen values that say everything about one piece of work, and nothing about its place.

A task's fingerprint is its storage key, so every field here answers: does it change the bytes?
Times are whole frames of the canvas clock (or samples), relative to the task's own start.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from resplice.core.colours import Colours
from resplice.core.facts import MediaFacts, MediaKind
from resplice.core.fingerprint import LATER
from resplice.core.motion import Motion
from resplice.core.tagged import Tagged
from resplice.frozen import frozen

Colour = str
Side = Literal["in", "out"]


@frozen
class Canvas:
    """The frame: even pixels, whole frames per second."""

    width: int
    height: int
    fps: int


@frozen
class Box:
    """A rectangle in whole pixels."""

    x: int
    y: int
    width: int
    height: int


@frozen
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
    colours: Colours | None = field(default=None, metadata=LATER)
    interlaced: bool = field(default=False, metadata=LATER)
    stream: str = field(default="", metadata=LATER)
    clear: str = field(default="", metadata=LATER)

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
            facts.colours,
            facts.interlaced,
            facts.stream,
            facts.clear,
        )


@frozen
class Picture(Tagged):
    """What a layer shows, before anything is done to it. Each kind is a class and a row of
    PICTURES, and one of filtergraph.pictures, where it is said how it is read.
    """

    @classmethod
    def table(cls) -> Mapping[str, type[Picture]]:
        return PICTURES

    @property
    @abstractmethod
    def size(self) -> tuple[int, int]:
        """(width, height), pixels."""

    @property
    @abstractmethod
    def has_alpha(self) -> bool:
        """Whether any pixel may be transparent."""

    @property
    @abstractmethod
    def moves(self) -> bool:
        """Whether it has more than one frame."""

    @property
    def colours(self) -> Colours | None:
        """What its colours mean, where the canvas would take them for something else."""
        return None

    @property
    @abstractmethod
    def digests(self) -> frozenset[str]:
        """The contents that it is made of."""


@frozen
class FilePicture(Picture):
    """The picture of a media file: a still, or the frames of a clip."""

    file: Source

    @property
    def size(self) -> tuple[int, int]:
        return self.file.width, self.file.height

    @property
    def has_alpha(self) -> bool:
        return self.file.has_alpha

    @property
    def moves(self) -> bool:
        return self.file.kind == "video"

    @property
    def colours(self) -> Colours | None:
        return self.file.colours

    @property
    def digests(self) -> frozenset[str]:
        return frozenset([self.file.digest])


@frozen
class FramesPicture(Picture):
    """The frames of a painted page that moves, on the canvas clock; what follows the last is that.

    loop_from  the frame from which on they are seen again and again; None when the last one stays
    """

    file: Source
    frames: int
    loop_from: int | None = None

    @property
    def size(self) -> tuple[int, int]:
        return self.file.width, self.file.height

    @property
    def has_alpha(self) -> bool:
        return True

    @property
    def moves(self) -> bool:
        return True

    @property
    def digests(self) -> frozenset[str]:
        return frozenset([self.file.digest])


@frozen
class SheetPicture(Picture):
    """Pictures of one size under one another in a still, of which one at a time is seen.

    slot   (width, height) of each, even pixels
    place  (x, y) of the still in the sheet: it is cropped to its ink
    slots  how many there are
    """

    file: Source
    slot: tuple[int, int]
    place: tuple[int, int]
    slots: int

    @property
    def size(self) -> tuple[int, int]:
        return self.slot

    @property
    def has_alpha(self) -> bool:
        return True

    @property
    def moves(self) -> bool:
        return False

    @property
    def digests(self) -> frozenset[str]:
        return frozenset([self.file.digest])


@frozen
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


@frozen
class WaveformPicture(Picture):
    """What is heard at that time, as a filled wave about the middle of the picture.

    reach    how far full level goes from the middle, pixels
    opacity  of the wave, 0..1; around it nothing is
    sounds   all that is heard in the frames of the layer, and shortly before and after; their
             samples count from the layer's first frame, so that some lie before 0
    """

    width: int
    height: int
    reach: float
    colour: Colour
    opacity: float
    sounds: tuple[Sound, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def has_alpha(self) -> bool:
        return True

    @property
    def moves(self) -> bool:
        return bool(self.sounds)

    @property
    def digests(self) -> frozenset[str]:
        return frozenset(sound.source.digest for sound in self.sounds)


PICTURES: dict[str, type[Picture]] = {
    "file": FilePicture,
    "frames": FramesPicture,
    "sheet": SheetPicture,
    "waveform": WaveformPicture,
}
"""Every kind of picture: its tag -> its class."""


@frozen
class Clip:
    """Which frames of a moving source are shown.

    seek_us      microseconds into the source where decoding starts; whole seconds from the
                 element's own seek, so that the frame grid is the same wherever a clip is split
    skip_frames  frames of the canvas clock dropped after that
    loop_frames  0, or the length of the part that repeats (then skip_frames counts in the loop)
    held_after   0, or the number of frames after which the last of them stays
    alone        only the frame after those skipped; where the source ends before, its last one
    """

    seek_us: int = 0
    skip_frames: int = 0
    loop_frames: int = 0
    held_after: int = 0
    alone: bool = field(default=False, metadata=LATER)


@frozen
class Play:
    """Frames of a clip in a row."""

    frames: int
    clip: Clip


@frozen
class ChromaKey:
    colour: Colour
    tolerance: float


@frozen
class Correction:
    brightness: float
    contrast: float
    gamma: float
    saturation: float


@frozen
class Rotation:
    """Degrees clockwise; turn_frames is how many frames a turn through them takes, 0 = still.

    stops_at: the frame of its life from which on it turns no further, if there is one
    """

    angle: float
    turn_frames: float = 0
    stops_at: int | None = None


@frozen
class Fade:
    """Opacity rising or falling over `frames`, beginning at `start_frame` of the layer's life."""

    side: Side
    start_frame: int
    frames: int


@frozen
class Look:
    """How a picture is drawn, in this order: crop, key, correct, flip, scale, cut, pad, move.

    scaled   the size that the cropped picture is scaled to
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

    @property
    def ages(self) -> bool:
        """Whether it is another in each frame of a life."""
        return bool(self.motion or (self.rotation and self.rotation.turn_frames))


@frozen
class Mask:
    """Grey levels that become transparency. plays: what a moving one shows, one after another."""

    picture: Picture
    plays: tuple[Play, ...] = ()


@frozen
class Layer:
    """One picture on the canvas for the frames [first, end) of a segment.

    age is how many frames of its life have passed at `first`; 0 when nothing about the layer
    depends on it, so that what stands still is the same task everywhere.

    showing: of a sheet, (frames after `first`, the slot that is seen from there on), the first at 0
    """

    picture: Picture
    look: Look
    first: int
    end: int
    age: int = 0
    clip: Clip | None = None
    mask: Mask | None = None
    fades: tuple[Fade, ...] = ()
    showing: tuple[tuple[int, int], ...] = ()

    @property
    def stands_still(self) -> bool:
        """Whether one frame says it all, while it is there."""
        changing = self.fades or len(self.showing) > 1 or (self.mask and self.mask.plays)
        return not (self.clip or self.look.ages or changing)

    def lasts(self, frames: int) -> bool:
        """Whether it is there in all frames of a segment of so many."""
        return self.first == 0 and self.end == frames


@frozen
class Composite:
    """Layers over a ground, bottom first."""

    background: Colour
    layers: tuple[Layer, ...]
