"""Where picture and sound tests happen: documents in, decoded frames and samples out.

The real pipeline on one data folder. `footage` makes the media that the tests look at.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from footage import FFMPEG, RATE, Footage
from numpy.typing import NDArray
from resplice.steps.movie_cache import Outcome
from studio import Studio

Frames = NDArray[np.int16]
"""(frame, row, column, red green blue), 0..255; signed, so that differences are."""
Samples = NDArray[np.float32]
"""(sample, channel)."""
Document = dict[str, Any]

READING = [FFMPEG, "-nostdin", "-v", "error", "-filter_threads", "1", "-threads", "1"]
"""Small frames: what is shared out among threads costs more than it is worth."""
EXACT_RGB = ["-vf", "scale=flags=bicubic+accurate_rnd+full_chroma_int", "-pix_fmt", "rgb24"]


@dataclass(frozen=True)
class Stage:
    """Renders documents, and looks at and listens to what comes out."""

    studio: Studio
    footage: Footage

    def render(self, document: Document) -> Outcome:
        return self.studio.render(document)

    def frames(self, document: Document) -> Frames:
        """Every frame of the movie."""
        stored = self.render(document).stored
        with self.studio.ports.objects.open(stored.key) as file:
            return decoded(file, stored.facts["width"], stored.facts["height"])

    def stills(self, *scenes: Document, **more: Any) -> Frames:
        """One frame of each scene: a movie of a frame a second."""
        document = {"width": 160, "height": 90, "fps": 1, "scenes": list(scenes), **more}
        return self.frames(document)

    def picture(self, *elements: Document, **scene: Any) -> NDArray[np.int16]:
        """The one frame that the elements make on a black 160x90 canvas."""
        picture: NDArray[np.int16] = self.stills(shot(*elements, **scene))[0]
        return picture

    def samples(self, document: Document) -> Samples:
        """All that is heard."""
        with self.studio.ports.objects.open(self.render(document).stored.key) as file:
            return heard(file)

    def bytes(self, document: Document) -> bytes:
        with self.studio.ports.objects.open(self.render(document).stored.key) as file:
            return file.read_bytes()


def decoded(file: Path, width: int, height: int) -> Frames:
    command = [*READING, "-i", str(file), "-an", *EXACT_RGB]
    command += ["-fps_mode", "passthrough", "-f", "rawvideo", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3).astype(np.int16)


def heard(file: Path) -> Samples:
    command = [*READING, "-i", str(file), "-vn", "-f", "f32le", "-ac", "2", "-ar", str(RATE), "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.float32).reshape(-1, 2)


def shot(*elements: Document, **more: Any) -> Document:
    """A scene of one second, unless it is said otherwise. Names may be spelled with _."""
    return {"duration": 1, **_named(more), "elements": list(elements)}


def image(src: str, **more: Any) -> Document:
    return {"type": "image", "src": src, **_named(more)}


def video(src: str, **more: Any) -> Document:
    return {"type": "video", "src": src, **_named(more)}


def audio(src: str, **more: Any) -> Document:
    return {"type": "audio", "src": src, **_named(more)}


def _named(properties: Document) -> Document:
    return {name.replace("_", "-"): value for name, value in properties.items()}


def near(seen: Any, wanted: Any, within: float = 2) -> bool:
    """Whether all levels are at most `within` from those wanted."""
    return bool(np.abs(np.asarray(seen, float) - np.asarray(wanted, float)).max() <= within)


def extent(picture: NDArray[np.int16], at_least: int = 64) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of what is not black; right and bottom are just outside."""
    rows, columns = np.nonzero(picture.max(axis=2) >= at_least)
    if not len(rows):
        return (0, 0, 0, 0)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1
