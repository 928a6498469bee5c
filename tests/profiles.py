"""ICC profiles made by hand: of a matrix and one curve, as cameras and phones write them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

D50 = (0.9642, 1.0, 0.8249)
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
DISPLAY_P3 = ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
PRO_PHOTO = ((0.79767, 0.28804, 0.0), (0.13519, 0.71188, 0.0), (0.03134, 0.00009, 0.82491))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141))


def fixed(*numbers: float) -> bytes:
    return struct.pack(f">{len(numbers)}i", *(round(number * 65_536) for number in numbers))


def xyz(values: Sequence[float]) -> bytes:
    return b"XYZ \0\0\0\0" + fixed(*values)


def parametric(numbers: Sequence[float], kind: int = 3) -> bytes:
    return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + fixed(*numbers)


def gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256))


def table(levels: Sequence[float]) -> bytes:
    numbers = [round(level * 65_535) for level in levels]
    return b"curv\0\0\0\0" + struct.pack(f">I{len(numbers)}H", len(numbers), *numbers)


def profile(primaries: Sequence[Sequence[float]], *curves: bytes) -> bytes:
    """A display's profile. curves: one for all, or one each for red, green and blue."""
    curves = curves * 3 if len(curves) == 1 else curves
    tags = {b"wtpt": xyz(D50), b"cprt": b"text\0\0\0\0none\0", b"desc": _named("test")}
    tags |= {
        name + b"XYZ": xyz(each) for name, each in zip((b"r", b"g", b"b"), primaries, strict=True)
    }
    tags |= {name + b"TRC": each for name, each in zip((b"r", b"g", b"b"), curves, strict=True)}
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, tag in tags.items():
        tag += bytes(-len(tag) % 4)
        table += name + struct.pack(">II", at + len(body), len(tag))
        body += tag
    size = at + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp")
    head += bytes(28) + fixed(*D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _named(name: str) -> bytes:
    words = name.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(words)) + words + bytes(4 + 4 + 2 + 1 + 67)
