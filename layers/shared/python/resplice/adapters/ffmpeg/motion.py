"""The moving view: raw frames in on stdin, raw frames out on stdout, resampled in between.

A process of its own between two FFmpegs, so that no lock of ours stands in its way:
    python -m resplice.adapters.ffmpeg.motion SPEC
Pillow's resize takes a box in fractions of a pixel, which is what makes a slow zoom smooth.
It sees raw planes that FFmpeg decoded and never a file from outside.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, BinaryIO

from PIL import Image

from resplice.core.motion import Motion, view
from resplice.frozen import frozen

if TYPE_CHECKING:
    from resplice.core.filtergraph import FramePipe

Size = tuple[int, int]
ENVIRONMENT = {"MALLOC_MMAP_THRESHOLD_": "1073741824", "MALLOC_TRIM_THRESHOLD_": "1073741824"}
"""Planes come and go with every frame: giving their memory back each time cost a third (glibc)."""
SHARP, SOFT = Image.Resampling.BICUBIC, Image.Resampling.BILINEAR


@frozen
class Feed:
    """What a FramePipe says but how it is decoded; importing that would cost 0.2 s a view."""

    source: Size
    size: Size
    format: str
    still: bool
    motion: Motion
    age: int
    frames: int


def command(feed: FramePipe) -> list[str]:
    """The argv that runs this module for the feed; -P: nothing is imported from where we stand."""
    spec = {key: value for key, value in asdict(feed).items() if key != "decode"}
    return [sys.executable, "-P", "-m", "resplice.adapters.ffmpeg.motion", json.dumps(spec)]


def planes(pixel_format: str, size: Size) -> list[Size]:
    """(width, height) of each plane of a frame, in stored order."""
    if pixel_format == "gbrap":
        return [size] * 4
    half = ((size[0] + 1) // 2, (size[1] + 1) // 2)
    return [size, half, half]


def _feed(spec: str) -> Feed:
    said: dict[str, Any] = json.loads(spec)
    sizes = {name: tuple(said[name]) for name in ("source", "size")}
    return Feed(**{**said, **sizes, "motion": Motion(**said["motion"])})


def move(feed: Feed, frames: BinaryIO, out: BinaryIO) -> None:
    """Write each frame of the feed as its view shows it."""
    source, target = planes(feed.format, feed.source), planes(feed.format, feed.size)
    pictures = _pictures(frames, source, feed.still)
    for age in range(feed.age, feed.age + feed.frames):
        box = view(feed.motion, age)
        for plane, own, size in zip(next(pictures), source, target, strict=True):
            sharp = feed.format == "gbrap" or own == source[0]
            out.write(_seen(plane, own, size, box, SHARP if sharp else SOFT))


def _pictures(frames: BinaryIO, sizes: list[Size], still: bool) -> Iterator[list[Image.Image]]:
    while True:
        picture = [_read(frames, size) for size in sizes]
        yield picture
        while still:
            yield picture


def _read(frames: BinaryIO, size: Size) -> Image.Image:
    length = size[0] * size[1]
    data = frames.read(length)
    if len(data) < length:
        raise EOFError("the picture ended too early")
    return Image.frombuffer("L", size, data, "raw", "L", 0, 1)


def _seen(
    plane: Image.Image, own: Size, size: Size, box: tuple[float, ...], filtered: Image.Resampling
) -> bytes:
    """The part of the plane in the box (fractions of the picture), at the wanted size."""
    left, top, right, bottom = box
    part = (left * own[0], top * own[1], min(right, 1.0) * own[0], min(bottom, 1.0) * own[1])
    return plane.resize(size, filtered, box=part).tobytes()


if __name__ == "__main__":
    try:
        move(_feed(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(0)  # The reader has all that it wanted.
    except EOFError as error:
        sys.exit(str(error))
