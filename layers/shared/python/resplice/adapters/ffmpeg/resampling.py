"""Planes of bytes, resampled from a box in fractions of a pixel: what makes a slow zoom smooth.

Pillow does it here, wherever we run. fast_resampling.py makes the same picture, within a level or
two, where it has a package for the machine: there is none for Linux on ARM.
"""

from __future__ import annotations

from io import BufferedIOBase
from typing import Any

from PIL import Image

Size = tuple[int, int]
SHARP, SOFT = Image.Resampling.BICUBIC, Image.Resampling.BILINEAR


class PillowStack:
    """Planes of one size, and what is seen of them. Of one thread."""

    def __init__(self, count: int, own: Size, size: Size, filtered: Image.Resampling) -> None:
        """own, size: of each plane, and of its view."""
        self._own, self._size, self._filtered = own, size, filtered
        self._pixels = memoryview(bytearray(count * own[0] * own[1]))
        self._planes = shared(self._pixels, own, count)

    def read(self, frames: BufferedIOBase) -> None:
        """Take the planes of the next frame. Raises EOFError when there are no more."""
        if frames.readinto(self._pixels) < len(self._pixels):
            raise EOFError("the picture ended too early")

    def write_view(self, box: tuple[float, float, float, float], out: BufferedIOBase) -> None:
        """What is in the box (left, top, right, bottom; fractions of a plane), plane by plane."""
        (wide, high), (left, top, right, bottom) = self._own, box
        part = (left * wide, top * high, min(right, 1.0) * wide, min(bottom, 1.0) * high)
        for plane in self._planes:
            out.write(plane.resize(self._size, self._filtered, box=part).tobytes())


def shared(pixels: memoryview, size: Size, count: int) -> list[Image.Image]:
    """Pictures of that memory, one after another in it: nothing is copied."""
    length = size[0] * size[1]
    parts: Any = (pixels[i * length : (i + 1) * length] for i in range(count))
    return [Image.frombuffer("L", size, part, "raw", "L", 0, 1) for part in parts]
