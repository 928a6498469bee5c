"""Frames to one APNG: only those that differ, each only where it differs. Lossless, with alpha.

Pillow's own writer knows milliseconds only. Here a frame's time is in ten thousandths of a second
from the beginning, so that no rounding adds up, and a reader finds it within 0.05 ms.
Format: PNG, third edition, 11.3.4.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from resplice.frozen import frozen

if TYPE_CHECKING:
    from PIL.Image import Image

TICKS_PER_SECOND = 10_000
MAX_DELAY = 65_535
MAX_BYTES = 64 << 20
"""Of a page's pictures together: what shows more is a film, not a title."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEEP, _REPLACE = 0, 0
"""dispose_op NONE: a frame stays under the next. blend_op SOURCE: a frame replaces its pixels."""
Box = tuple[int, int, int, int]


class TooLarge(ValueError):
    """There is more in the pictures than one page may show."""


@frozen
class _Change:
    """What is new in a frame: packed pixels of a box, and the frame of the clock they begin at."""

    frame: int
    box: Box
    packed: bytes


class Frames:
    """Frames of one size, taken one after another; what does not change is kept once."""

    def __init__(self) -> None:
        self._first: Image | None = None
        self._last: Image | None = None
        self._changes: list[_Change] = []
        self._ink: Box | None = None
        self._bytes = 0
        self.count = 0

    def add(self, frame: Image) -> None:
        """The next frame of the clock, RGBA. Raises TooLarge."""
        from PIL import ImageChops  # Late: most runs paint nothing.

        number, self.count = self.count, self.count + 1
        if self._first is None or self._last is None:
            self._first = self._last = frame
        else:
            box = ImageChops.difference(self._last, frame).getbbox(alpha_only=False)
            if box is None:
                return
            self._keep(_Change(number, box, _packed(frame.crop(box))))
            self._last = frame
        self._ink = _around(self._ink, frame.getchannel("A").getbbox())

    def _keep(self, change: _Change) -> None:
        self._changes.append(change)
        self._bytes += len(change.packed)
        if self._bytes > MAX_BYTES:
            raise TooLarge(f"its pictures have more than {MAX_BYTES >> 20} MiB together")

    @property
    def moves(self) -> bool:
        """Whether any frame differs from the first."""
        return bool(self._changes)

    @property
    def first(self) -> Image:
        assert self._first is not None
        return self._first

    @property
    def ink(self) -> Box | None:
        """The box of what any frame shows; None when nothing is ever seen."""
        return self._ink

    def apng(self, fps: int, *, for_ever: bool) -> tuple[bytes, Box]:
        """(the file, cropped to its ink; the box of that in the frames)."""
        ink = self._ink or (0, 0, 1, 1)
        size = ink[2] - ink[0], ink[3] - ink[1]
        whole = _Change(0, ink, _packed(self.first.crop(ink)))
        changes = [whole, *(change for change in self._changes)]
        ends = [*(change.frame for change in self._changes), self.count]
        out = io.BytesIO()
        out.write(_SIGNATURE)
        out.write(_chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 6, 0, 0, 0)))
        out.write(_chunk(b"acTL", struct.pack(">II", len(changes), 0 if for_ever else 1)))
        numbers = iter(range(1 << 31))
        for change, end in zip(changes, ends, strict=True):
            delay = _tick(end, fps) - _tick(change.frame, fps)
            out.write(_control(next(numbers), change.box, ink, delay))
            if change is whole:
                out.write(_chunk(b"IDAT", change.packed))
            else:
                out.write(_chunk(b"fdAT", struct.pack(">I", next(numbers)) + change.packed))
        out.write(_chunk(b"IEND", b""))
        return out.getvalue(), ink


def _tick(frame: int, fps: int) -> int:
    return round(frame * TICKS_PER_SECOND / fps)


def _control(number: int, box: Box, ink: Box, delay: int) -> bytes:
    """The chunk that says where a frame lies, and for how long it is seen."""
    left, top, right, bottom = box
    place = (right - left, bottom - top, left - ink[0], top - ink[1])
    # A number of 16 bits holds 6.5 s; longer holds are told more coarsely.
    coarse = 1 if delay <= MAX_DELAY else 10 if delay <= 10 * MAX_DELAY else 100
    lasts = min(MAX_DELAY, delay // coarse), TICKS_PER_SECOND // coarse
    return _chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, *place, *lasts, _KEEP, _REPLACE))


def _packed(picture: Image) -> bytes:
    """The picture's compressed pixels, as a PNG has them."""
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return b"".join(data for name, data in _chunks(out.getvalue()) if name == b"IDAT")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, data: bytes) -> bytes:
    checked = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checked)


def _around(one: Box | None, other: Box | None) -> Box | None:
    if one is None or other is None:
        return one or other
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
