"""What a picture's numbers mean, where the canvas would take them for other colours.

Pure. The canvas takes a still for sRGB and a clip for BT.709; most are, and nothing is said of
them here. A wide gamut and high dynamic range are told by numbers of H.273 or by an ICC profile
made of a matrix and three curves; a profile of another make is passed over.
"""

from __future__ import annotations

import math

from resplice.frozen import frozen

CURVE_POINTS = 33
"""Between so many points of a curve, what is put in is within half a level of an 8 bit picture."""
FULL = 65_535

WIDE = {9: "bt2020", 11: "smpte431", 12: "smpte432"}
"""Primaries wider than the canvas's, by their number in H.273 and FFmpeg's name."""
HDR = {16: "smpte2084", 18: "arib-std-b67"}
"""Transfers of a high dynamic range: PQ and HLG."""
_TRANSFERS = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    8: "linear",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    **HDR,
}

_TO_SRGB = (
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)
"""From XYZ under D50, in which profiles speak, to the light of sRGB's red, green and blue."""
MOST = 4.0
"""No share of a colour in another is greater, in a profile that means it."""
_NEAR_MATRIX, _NEAR_LEVEL = 0.01, 2 / 255
_PARAMETERS = (1, 3, 4, 5, 7)
"""How many numbers a parametric curve has, by its type."""


@frozen
class Colours:
    """How a picture's numbers become the canvas's.

    primaries, transfer  FFmpeg's names; empty where a profile says it
    to_srgb  of a profile: what of its red, green and blue light is in sRGB's red, then green, blue
    curves   of a profile: the light at CURVE_POINTS even steps of a number, up to FULL; one curve
             for all, or three
    """

    primaries: str = ""
    transfer: str = ""
    to_srgb: tuple[float, ...] = ()
    curves: tuple[tuple[int, ...], ...] = ()


def told_colours(primaries: int, transfer: int, *, still: bool) -> Colours | None:
    """Of numbers of H.273; None for what the canvas takes as it is."""
    if transfer in HDR:
        return Colours(WIDE.get(primaries, "bt2020"), HDR[transfer])
    if primaries not in WIDE:
        return None
    usual = "iec61966-2-1" if still else "bt709"
    return Colours(WIDE[primaries], _TRANSFERS.get(transfer, usual))


def profile_colours(profile: bytes) -> Colours | None:
    """Of an ICC profile; None for one of sRGB, and for what is no matrix with curves."""
    if profile[36:40] != b"acsp" or profile[16:20] != b"RGB " or profile[20:24] != b"XYZ ":
        return None
    tags = _tags(profile)
    primaries = [_xyz(tags.get(name, b"")) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    curves = [_curve(tags.get(name, b"")) for name in (b"rTRC", b"gTRC", b"bTRC")]
    known = [curve for curve in curves if curve]
    if None in primaries or len(known) < 3:
        return None
    matrix = _matrix([xyz for xyz in primaries if xyz])
    if not matrix or _is_srgb(matrix, known):
        return None
    return Colours(to_srgb=matrix, curves=tuple(known) if len(set(known)) > 1 else (known[0],))


def _tags(profile: bytes) -> dict[bytes, bytes]:
    found = {}
    for number in range(min(int.from_bytes(profile[128:132], "big"), 200)):
        entry = profile[132 + 12 * number : 144 + 12 * number]
        at, size = int.from_bytes(entry[4:8], "big"), int.from_bytes(entry[8:12], "big")
        found[entry[:4]] = profile[at : at + size]
    return found


def _xyz(tag: bytes) -> tuple[float, ...] | None:
    return _fixed(tag, 8, 3) if tag[:4] == b"XYZ " and len(tag) >= 20 else None


def _fixed(data: bytes, at: int, count: int) -> tuple[float, ...]:
    """Numbers of 16 bits before and 16 behind the point."""
    parts = (data[at + 4 * n : at + 4 * n + 4] for n in range(count))
    return tuple(int.from_bytes(part, "big", signed=True) / 65_536 for part in parts)


def _matrix(primaries: list[tuple[float, ...]]) -> tuple[float, ...] | None:
    """Their light as sRGB's, white as white. None when no picture can be meant."""
    rows = [
        [sum(part * xyz for part, xyz in zip(row, each, strict=True)) for each in primaries]
        for row in _TO_SRGB
    ]
    if not all(0.8 < sum(row) < 1.2 for row in rows):
        return None
    shares = tuple(round(share / sum(row), 5) for row in rows for share in row)
    return shares if max(map(abs, shares)) <= MOST else None


def _curve(tag: bytes) -> tuple[int, ...] | None:
    steps = [n / (CURVE_POINTS - 1) for n in range(CURVE_POINTS)]
    if tag[:4] == b"para":
        levels = _parametric(tag, steps)
    elif tag[:4] == b"curv":
        levels = _tabled(tag, steps)
    else:
        return None
    return tuple(round(FULL * min(1.0, max(0.0, level))) for level in levels) or None


def _tabled(tag: bytes, steps: list[float]) -> list[float]:
    count = int.from_bytes(tag[8:12], "big")
    if count == 0:
        return steps
    if count == 1:
        gamma = int.from_bytes(tag[12:14], "big") / 256
        return [step**gamma for step in steps] if gamma else []
    if len(tag) < 12 + 2 * count:
        return []
    return [_between(tag, step * (count - 1)) for step in steps]


def _between(tag: bytes, place: float) -> float:
    """The level of a table at a place between two of its entries."""
    at = math.floor(place)
    pair = (tag[12 + 2 * at : 14 + 2 * at], tag[14 + 2 * at : 16 + 2 * at])
    low, high = (int.from_bytes(entry or pair[0], "big") / FULL for entry in pair)
    return low + (high - low) * (place - at)


def _parametric(tag: bytes, steps: list[float]) -> list[float]:
    """ICC.1, 10.18: a power of a line, and below a point another line."""
    kind = int.from_bytes(tag[8:10], "big")
    if kind >= len(_PARAMETERS) or len(tag) < 12 + 4 * _PARAMETERS[kind]:
        return []
    said = _fixed(tag, 12, _PARAMETERS[kind])
    gamma, a, b = said[0], *(said[1:3] or (1.0, 0.0))
    if kind < 3:
        c, d = 0.0, (-b / a if kind and a else 0.0)
        e = f = said[3] if kind == 2 else 0.0
    else:
        c, d = said[3:5]
        e, f = said[5:7] if kind == 4 else (0.0, 0.0)
    if not 0 < gamma < 10:
        return []
    return [max(0.0, a * step + b) ** gamma + e if step >= d else c * step + f for step in steps]


def _is_srgb(matrix: tuple[float, ...], curves: list[tuple[int, ...]]) -> bool:
    same = all(
        abs(share - (1.0 if index % 4 == 0 else 0.0)) < _NEAR_MATRIX
        for index, share in enumerate(matrix)
    )
    return same and all(
        abs(_encoded(level / FULL) - n / (CURVE_POINTS - 1)) < _NEAR_LEVEL
        for curve in curves
        for n, level in enumerate(curve)
    )


def _encoded(light: float) -> float:
    """sRGB's number for that much light."""
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
