"""The moving view: raw frames in on stdin, raw frames out on stdout, resampled in between.

A process of its own between two FFmpegs, so that no lock of ours stands in its way:
    python -m resplice.adapters.ffmpeg.motion SPEC
It sees raw planes that FFmpeg decoded and never a file from outside. How they are resampled:
fast_resampling.py or resampling.py, which are loaded in that process alone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from io import BufferedIOBase
from typing import TYPE_CHECKING, Any, Protocol

from resplice.core.motion import Motion, view
from resplice.frozen import frozen

if TYPE_CHECKING:
    from PIL.Image import Resampling

    from resplice.core.filtergraph import FramePipe

Size = tuple[int, int]
PILLOW, RESIZER = "PIL", "cykooz_resizer"
ENVIRONMENT = {"MALLOC_MMAP_THRESHOLD_": "1073741824", "MALLOC_TRIM_THRESHOLD_": "1073741824"}
"""Planes come and go with every frame: giving their memory back each time cost a third (glibc)."""


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


class Stack(Protocol):
    """Planes of one size, and what is seen of them."""

    def read(self, frames: BufferedIOBase) -> None:
        """Take the planes of the next frame. Raises EOFError when there are no more."""

    def write_view(self, box: tuple[float, float, float, float], out: BufferedIOBase) -> None:
        """What is in the box (left, top, right, bottom; fractions of a plane), plane by plane."""


def packages() -> list[str]:
    """What the process imports beside ours: Pillow, and the faster resampler if it is installed."""
    return [PILLOW, *([RESIZER] if find_spec(RESIZER) else [])]


def command(feed: FramePipe) -> list[str]:
    """The argv that runs this module for the feed; -P: nothing is imported from where we stand."""
    spec = {key: value for key, value in asdict(feed).items() if key != "decode"}
    return [sys.executable, "-P", "-m", "resplice.adapters.ffmpeg.motion", json.dumps(spec)]


def planes(pixel_format: str, size: Size) -> list[tuple[int, Size]]:
    """How many planes a frame has of which (width, height), in stored order."""
    if pixel_format == "gbrap":
        return [(4, size)]
    return [(1, size), (2, ((size[0] + 1) // 2, (size[1] + 1) // 2))]


def _feed(spec: str) -> Feed:
    said: dict[str, Any] = json.loads(spec)
    sizes = {name: tuple(said[name]) for name in ("source", "size")}
    return Feed(**{**said, **sizes, "motion": Motion(**said["motion"])})


def move(feed: Feed, frames: BufferedIOBase, out: BufferedIOBase) -> None:
    """Write each frame of the feed as its view shows it."""
    stacks = _stacks(feed)
    for age in range(feed.age, feed.age + feed.frames):
        if age == feed.age or not feed.still:
            for stack in stacks:
                stack.read(frames)
        box = view(feed.motion, age)
        for stack in stacks:
            stack.write_view(box, out)


def _stacks(feed: Feed) -> list[Stack]:
    from resplice.adapters.ffmpeg.resampling import SHARP, SOFT

    made, filters = _resampler(), (SHARP, SOFT)
    source, target = planes(feed.format, feed.source), planes(feed.format, feed.size)
    return [
        made(count, own, size, filtered)
        for (count, own), (_, size), filtered in zip(source, target, filters, strict=False)
    ]


def _resampler() -> Callable[[int, Size, Size, Resampling], Stack]:
    if RESIZER in packages():
        from resplice.adapters.ffmpeg.fast_resampling import FastStack

        return FastStack
    from resplice.adapters.ffmpeg.resampling import PillowStack

    return PillowStack


if __name__ == "__main__":
    try:
        with os.fdopen(0, "rb") as frames, os.fdopen(1, "wb") as out:
            move(_feed(sys.argv[1]), frames, out)
    except BrokenPipeError:
        os._exit(0)  # The reader has all that it wanted.
    except EOFError as error:
        sys.exit(str(error))
