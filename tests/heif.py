"""HEIF stills written by hand: pieces coded as HEVC by FFmpeg, in boxes as of a phone.

FFmpeg writes no HEIC; what a phone writes is a grid of tiles, turned and with a profile of colours.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from footage import FFMPEG
from PIL import Image

_PARAMETER_SETS = (32, 33, 34)
"""NAL unit types of HEVC: VPS, SPS, PPS."""


@dataclass(frozen=True)
class Coded:
    """One coded picture: its hvcC and its slices."""

    record: bytes
    slices: bytes
    size: tuple[int, int]


def heic(
    picture: Image.Image,
    into: Path,
    *,
    tile: int = 0,
    quarter_turns: int = 0,
    profile: bytes = b"",
) -> Path:
    """Write the picture. tile: the side of the tiles it is cut into, 0 for one piece;
    quarter_turns: how often it is to be turned anticlockwise; profile: of its colours, ICC.
    """
    width, height = picture.size
    across, down = (-(-width // tile), -(-height // tile)) if tile else (1, 1)
    side = (tile, tile) if tile else picture.size
    whole = Image.new("RGB", (across * side[0], down * side[1]))
    whole.paste(picture, (0, 0))
    corners = [(x * side[0], y * side[1]) for y in range(down) for x in range(across)]
    tiles = [coded(whole.crop((x, y, x + side[0], y + side[1]))) for x, y in corners]
    into.write_bytes(_file(tiles, (across, down), (width, height), quarter_turns, profile))
    return into


def coded(picture: Image.Image) -> Coded:
    """The picture as one HEVC key frame of full range, by the matrix of BT.601, as phones do."""
    told = "log-level=none:range=full:colormatrix=bt470bg:colorprim=smpte432:transfer=iec61966-2-1"
    command = [FFMPEG, "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{picture.width}x{picture.height}", "-i", "-", "-frames:v", "1"]
    command += ["-vf", "scale=out_color_matrix=bt601:out_range=pc,format=yuv444p"]
    command += ["-c:v", "libx265", "-preset", "fast", "-crf", "8", "-x265-params", told]
    raw = subprocess.run(
        [*command, "-f", "hevc", "-"], input=picture.tobytes(), capture_output=True, check=True
    ).stdout
    units = [unit.rstrip(b"\0") for unit in raw.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")]
    units = [unit for unit in units if unit]
    kinds = [unit[0] >> 1 & 63 for unit in units]
    sets = [u for kind in _PARAMETER_SETS for u, k in zip(units, kinds, strict=True) if k == kind]
    slices = [u for u, k in zip(units, kinds, strict=True) if k < 32]
    body = b"".join(len(unit).to_bytes(4, "big") + unit for unit in slices)
    return Coded(_record(sets), body, picture.size)


def _record(sets: list[bytes]) -> bytes:
    """HEVCDecoderConfigurationRecord."""
    profile = sets[1][3:15]
    head = b"\1" + profile + bytes.fromhex("f000fcfff8f800000f")
    arrays = b"".join(
        bytes([0x80 | (unit[0] >> 1 & 63)]) + b"\0\1" + len(unit).to_bytes(2, "big") + unit
        for unit in sets
    )
    return head + bytes([len(sets)]) + arrays


def _box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def _full(kind: bytes, body: bytes, version: int = 0, flags: int = 0) -> bytes:
    return _box(kind, bytes([version]) + flags.to_bytes(3, "big") + body)


def _u16(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(2, "big") for number in numbers)


def _u32(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def _file(
    tiles: list[Coded],
    grid: tuple[int, int],
    size: tuple[int, int],
    turns: int,
    profile: bytes,
) -> bytes:
    """Items 1.. are the tiles; when there are several, the one after them is the grid of them."""
    count = len(tiles)
    primary = count + 1 if count > 1 else 1
    across, down = grid
    layout = bytes([0, 0, down - 1, across - 1]) + _u16(*size)
    kinds = [b"hvc1"] * count + [b"grid"] * (count > 1)
    data = [tile.slices for tile in tiles] + [layout] * (count > 1)
    entries = b"".join(
        _full(b"infe", _u16(number, 0) + kind + b"\0", version=2, flags=number != primary)
        for number, kind in enumerate(kinds, 1)
    )
    properties = [
        _box(b"hvcC", tiles[0].record),
        _full(b"ispe", _u32(*tiles[0].size)),
        _full(b"ispe", _u32(*size)),
        _box(b"irot", bytes([turns])),
        *([_box(b"colr", b"prof" + profile)] if profile else []),
    ]
    shown = [3, 0x80 | 4] + [5] * bool(profile)
    of_tile = [0x80 | 1, 2] + [5] * bool(profile)
    linked = [of_tile] * count + [shown] if count > 1 else [[0x80 | 1, *shown]]
    links = b"".join(
        _u16(number) + bytes([len(each), *each]) for number, each in enumerate(linked, 1)
    )
    associations = _full(b"ipma", _u32(len(linked)) + links)
    references = _box(b"dimg", _u16(primary, count, *range(1, count + 1)))
    before = [
        _full(b"hdlr", _u32(0) + b"pict" + bytes(13)),
        _full(b"pitm", _u16(primary)),
        _full(b"iinf", _u16(len(kinds)) + entries),
        *([_full(b"iref", references)] if count > 1 else []),
        _box(b"iprp", _box(b"ipco", b"".join(properties)) + associations),
    ]
    head = _box(b"ftyp", b"heic" + _u32(0) + b"mif1heic")
    at = len(head) + len(_meta(before, data, 0)) + 8
    return head + _meta(before, data, at) + _box(b"mdat", b"".join(data))


def _meta(before: list[bytes], data: list[bytes], at: int) -> bytes:
    """The boxes about the items, whose data lie one after another from that byte of the file."""
    located = b"".join(
        _u16(number, 0, 1) + _u32(at + sum(map(len, data[: number - 1])), len(each))
        for number, each in enumerate(data, 1)
    )
    place = _full(b"iloc", b"\x44\x00" + _u16(len(data)) + located)
    return _full(b"meta", b"".join(before) + place)
