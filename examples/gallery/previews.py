"""Pieces of a movie as small pictures for a page: a still, or a WebP that plays.

What has not moved keeps its pixels from frame to frame, whatever H.264 made of them: previews are
small, and show what moves and nothing else.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterable
from pathlib import Path

import imageio_ffmpeg
import numpy
from PIL import Image, ImageFilter

CLIP_BYTES, STILL_BYTES = 150_000, 40_000
QUALITIES = (80, 70, 60, 50, 40)
UNMOVED = 14
"""Levels by which a pixel may differ and still be taken for the same."""
SEEN, SEEN_SHARE = 40, 0.0005
"""Levels by which pixels differ when something moves, and how many do at the least."""


class TooLarge(Exception):
    """No quality makes the preview small enough."""


def frames(movie: Path, start_s: float, seconds: float, width: int) -> list[Image.Image]:
    """The frames of that stretch, small."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", str(movie)]
    cut = f"trim={start_s}:{start_s + seconds},setpts=PTS-STARTPTS,scale={width}:-2:flags=lanczos"
    out = ["-vf", cut, "-f", "image2pipe", "-c:v", "ppm", "-"]
    raw = subprocess.run([*command, *out], check=True, capture_output=True).stdout
    stream, found = io.BytesIO(raw), []
    while stream.tell() < len(raw):
        found.append(_one(stream))
    return found


def _one(stream: io.BytesIO) -> Image.Image:
    """The next PPM: its three lines of head, and its pixels."""
    size = stream.readline() and stream.readline().split()
    stream.readline()
    width, height = map(int, size)
    return Image.frombytes("RGB", (width, height), stream.read(width * height * 3))


def steadied(shown: list[Image.Image]) -> list[Image.Image]:
    """The frames, with what has not moved since the one before as it was there."""
    kept = [shown[0]]
    for frame in shown[1:]:
        now, before = numpy.asarray(frame, "int16"), numpy.asarray(kept[-1], "int16")
        moved = Image.fromarray((abs(now - before).max(axis=2) > UNMOVED).astype("uint8") * 255)
        around = moved.filter(ImageFilter.MaxFilter(7))
        kept.append(Image.composite(frame, kept[-1], around))
    return kept


def write(shown: list[Image.Image], folder: Path, name: str, fps: int) -> str:
    """Write it, as large as its bytes may be; returns the file's name."""
    kept = steadied(shown)
    if not _moves(shown):
        stills = (jpeg(shown[-1], quality) for quality in QUALITIES)
        return _written(folder / f"{name}.jpg", stills, STILL_BYTES)
    every = ((step, quality) for step in (1, 2) for quality in QUALITIES)
    clips = (_webp(kept[::step], quality, step * 1000 // fps) for step, quality in every)
    return _written(folder / f"{name}.webp", clips, CLIP_BYTES)


def _moves(shown: list[Image.Image]) -> bool:
    """Whether anything is seen to; edges that H.264 sharpens in the first frames are not."""
    last = numpy.asarray(shown[-1], "int16")
    gaps = (abs(numpy.asarray(frame, "int16") - last).max(axis=2) for frame in shown)
    return any((gap > SEEN).mean() > SEEN_SHARE for gap in gaps)


def _written(file: Path, tries: Iterable[bytes], most: int) -> str:
    for made in tries:
        if len(made) <= most:
            file.write_bytes(made)
            return file.name
    raise TooLarge(f"{file.name}: more than {most} bytes")


def jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _webp(shown: list[Image.Image], quality: int, frame_ms: int) -> bytes:
    out = io.BytesIO()
    rest = {"append_images": shown[1:], "duration": frame_ms, "loop": 0, "method": 4}
    shown[0].save(out, "WEBP", save_all=True, quality=quality, **rest)
    return out.getvalue()
