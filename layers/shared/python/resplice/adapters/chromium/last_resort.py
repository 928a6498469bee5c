"""A font that has every character, each of a width that no letter has: what is as wide as that was
found in no font before it. It is only measured with, never seen.
"""

from __future__ import annotations

import struct

EM = 16
ADVANCE = 2000
WIDTH_EM = ADVANCE / EM
LAST_CHARACTER = 0x10FFFF

_GLYPH = struct.pack(">hhhhhHH3B3h3hx", 1, 0, 0, 1, 1, 2, 0, 1, 1, 1, 0, 1, 0, 0, 0, 1) + b"\0\0"
_GLYPHS = 2
"""The one for nothing, and the one for everything."""


def last_resort() -> bytes:
    """The font's file: TrueType, all tables that a browser asks for."""
    tables = {
        b"OS/2": struct.pack(
            ">HhHHH10hh10B4L4sHHHhhhHH",
            *(0, EM, 400, 5, 0, *[1] * 10, 0, *[0] * 10, 1, 0, 0, 0, b"none"),
            *(0x40, 0, 0xFFFF, EM, 0, 0, EM, 0),
        ),
        b"cmap": _cmap(),
        b"glyf": _GLYPH,
        b"head": struct.pack(
            ">LLLLHHQQhhhhHHhhh",
            *(0x10000, 0x10000, 0, 0x5F0F3CF5, 3, EM, 0, 0, 0, 0, 1, 1, 0, 8, 2, 0, 0),
        ),
        b"hhea": struct.pack(">LhhhHhhh6hhhH", 0x10000, EM, 0, 0, ADVANCE, *[0] * 11, _GLYPHS),
        b"hmtx": struct.pack(">HhHh", ADVANCE, 0, ADVANCE, 0),
        b"loca": struct.pack(">3H", 0, 0, len(_GLYPH) // 2),
        b"maxp": struct.pack(">LH13H", 0x10000, _GLYPHS, 3, 1, 0, 0, 1, *[0] * 8),
        b"name": struct.pack(">HHH", 0, 0, 6),
        b"post": struct.pack(">LLhhLLLLL", 0x30000, *[0] * 8),
    }
    return _file(tables)


def _cmap() -> bytes:
    """Every character to one glyph."""
    table = struct.pack(">HHLLLLLL", 13, 0, 28, 0, 1, 0x20, LAST_CHARACTER, 1)
    return struct.pack(">HHHHL", 0, 1, 3, 10, 12) + table


def _file(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">LHHHH", 0x10000, count, 16 << power, power, 16 * count - (16 << power))
    rows, bodies, at = b"", b"", len(head) + 16 * count
    for tag, body in sorted(tables.items()):
        padded = body + b"\0" * (-len(body) % 4)
        words = struct.unpack(f">{len(padded) // 4}L", padded)
        rows += struct.pack(">4sLLL", tag, sum(words) & 0xFFFFFFFF, at + len(bodies), len(body))
        bodies += padded
    return head + rows + bodies
