"""Boxes: how MP4 and HEIF files are put together. Pure: they are read and written as bytes."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator

Read = Callable[[int, int], bytes]
"""(offset, size) -> these bytes of the file, fewer at its end."""

MAX_BOXES = 10_000


def boxes(data: bytes, at: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """(kind, body) of each box."""
    for _ in range(MAX_BOXES):
        size = number(data, at, 4)
        if len(data) < at + 8 or size < 8:
            return
        yield data[at + 4 : at + 8], data[at + 8 : at + size]
        at += size


def number(data: bytes, at: int, size: int) -> int:
    """As boxes write it; fewer bytes than that are the beginning of it."""
    return int.from_bytes(data[at : at + size], "big")


def box(kind: bytes, *body: bytes) -> bytes:
    content = b"".join(body)
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def table(data: bytes) -> array[int]:
    """The numbers of a table, of four bytes each: those that are whole."""
    return _turned(array("I", data[: len(data) & ~3]))


def written(values: array[int]) -> bytes:
    """As tables write them."""
    return _turned(values[:]).tobytes()


def _turned(values: array[int]) -> array[int]:
    """From the order of bytes of this machine to that of boxes, or back."""
    if array("H", [1]).tobytes()[0]:
        values.byteswap()
    return values
