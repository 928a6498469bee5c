"""What FFmpeg tells of a file's first picture beside its size: from a Matroska file of it.

Pure. FFmpeg's filter graphs do not say how light was made into numbers, nor whether two fields
share a frame; its log would, among words of the file. A corner of the decoded picture, written as
PNG in Matroska, has it in fields of its own: these are read.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from resplice.frozen import frozen

CORNER = "crop=min(iw\\,16):min(ih\\,16):0:0"
"""The filter of the corner: small, as only what is said of it counts."""
WRITTEN = ("-c:v", "png", "-f", "matroska")
"""How it is written."""

MAX_PROFILE_BYTES = 4 << 20
_SEGMENT, _TRACKS, _TRACK, _VIDEO, _COLOUR = 0x18538067, 0x1654AE6B, 0xAE, 0xE0, 0x55B0
_CLUSTER, _GROUP = 0x1F43B675, 0xA0
_HOLDERS = (_SEGMENT, _TRACKS, _TRACK, _VIDEO, _COLOUR, _CLUSTER, _GROUP)
_INTERLACED, _TRANSFER, _PRIMARIES, _BLOCKS = 0x9A, 0x55BA, 0x55BB, (0xA3, 0xA1)
_PNG = b"\x89PNG\r\n\x1a\n"
_UNSAID = 2
_CHANNELS = {0: (1, 0), 2: (3, 0), 4: (2, 1), 6: (4, 1)}
"""By the number of a PNG's kind of colours: how many values a pixel has, and how many are alpha."""
MAX_CORNER_BYTES = 1 << 14


@frozen
class FirstPicture:
    """interlaced: two fields are in it. primaries, transfer: by their numbers in H.273, 2 where
    it does not say. profile: its ICC profile, empty when it has none. black: whether the corner is.
    """

    interlaced: bool = False
    primaries: int = _UNSAID
    transfer: int = _UNSAID
    profile: bytes = b""
    black: bool = False


def first_picture(matroska: bytes) -> FirstPicture:
    """What is told of the picture; nothing, of what cannot be read."""
    told: dict[int, int] = {}
    png = b""
    for name, value in _elements(matroska):
        if name in _BLOCKS:
            png = png or value[value.find(_PNG) :]
        elif len(value) <= 8:
            told[name] = int.from_bytes(value, "big")
    return FirstPicture(
        told.get(_INTERLACED) == 1,
        told.get(_PRIMARIES, _UNSAID),
        told.get(_TRANSFER, _UNSAID),
        _profile(png),
        _is_black(png),
    )


def _is_black(png: bytes) -> bool:
    """Whether no pixel has a colour. FFmpeg writes no row as the difference to another one, so that
    black is zeros; colours of a palette are not looked at.
    """
    chunks = dict[bytes, bytes]()
    for name, body in _chunks(png):
        chunks[name] = chunks.get(name, b"") + body
    head, packed = chunks.get(b"IHDR", b""), chunks.get(b"IDAT", b"")
    channels, alpha = _CHANNELS.get(head[9] if len(head) > 9 else 3, (0, 0))
    if not channels:
        return False
    try:
        pixels = zlib.decompressobj().decompress(packed, MAX_CORNER_BYTES)
    except zlib.error:
        return False
    wide = max(1, head[8] // 8)
    step, row = wide * channels, 1 + wide * channels * int.from_bytes(head[:4], "big")
    lines = (pixels[at + 1 : at + row] for at in range(0, len(pixels), row))
    colours = range(wide * (channels - alpha))
    return bool(pixels) and not any(any(line[at::step]) for line in lines for at in colours)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 8 <= len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += 12 + size


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(name, value) of each element that holds no others, in the order of the file."""
    at = 0
    while at < len(data):
        name, at = _variable(data, at, marked=True)
        size, at = _variable(data, at, marked=False)
        if name in _HOLDERS:
            continue
        yield name, data[at : at + size]
        at += size


def _variable(data: bytes, at: int, *, marked: bool) -> tuple[int, int]:
    """(a number of as many bytes as its first says, where it ends). marked: with what says so."""
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length() if first else 8
    number = int.from_bytes(data[at : at + length], "big")
    return number if marked else number & ((1 << 7 * length) - 1), at + length


def _profile(png: bytes) -> bytes:
    """The ICC profile of a PNG, as its iCCP chunk has it."""
    for name, body in _chunks(png):
        if name == b"iCCP":
            try:
                packed = body.partition(b"\0")[2][1:]
                return zlib.decompressobj().decompress(packed, MAX_PROFILE_BYTES)
            except zlib.error:
                return b""
    return b""
