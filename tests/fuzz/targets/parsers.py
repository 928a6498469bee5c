"""The readers of bytes in core: each good file, damaged, behind a line that names its reader."""

from __future__ import annotations

import json
import struct
import subprocess
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from footage import FFMPEG
from heif import heic
from hypothesis import strategies as st
from parameter_sets import described
from PIL import Image
from resplice.core.colours import profile_colours
from resplice.core.ffmpeg_log import complaints, starved
from resplice.core.first_picture import first_picture
from resplice.core.framecrc import Framecrc, first_frame
from resplice.core.h264 import repeats
from resplice.core.heif import heif_picture
from resplice.core.mp4.held import held
from resplice.core.mp4.layout import Piece
from resplice.core.mp4.movie import movie_of
from resplice.core.mp4.track import track
from resplice.core.sniff import HEAD_BYTES, describe, sniff
from resplice.core.svg import SvgRefused, svg_size

from fuzz.damage import damaged
from fuzz.placed import Place
from fuzz.target import Opened, Saw, Target

CRC = (
    b"#software: Lavf\n#tb 0: 1/15360\n#media_type 0: video\n#codec_id 0: h264\n#tb 1: 1/48000\n"
    b"#media_type 1: audio\n#codec_id 1: aac\n0, -512, 0, 512, 999, 0x1\n1, 0, 0, 1024, 300, 0x2\n"
    b"0, 0, 512, 512, 10, 0x3, S=1, Matroska BlockAdditional\n"
)
GRAPHS = json.dumps(
    {
        "graphs": [
            {
                "filters": [
                    {
                        "filter_name": "buffersink",
                        "filter_inputs": [
                            {"format": "yuva420p", "width": 64, "height": 50, "sar": "4:3"}
                        ],
                    }
                ]
            }
        ]
    }
).encode()
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='3e2px' viewBox='0 0 9 9'><g/></svg>"
ENCODINGS = (b"utf-8", b"utf-16", b"utf-7", b"big5", b"hex", b"idna", b"latin1", b"nobodys")
LOG = (
    b"[mov @ 0x5] [error] moov atom not found\n[fatal] Cannot allocate memory\n[error] file:///a\n"
)


def _reader(data: bytes) -> Callable[[int, int], bytes]:
    return lambda offset, size: data[offset : offset + size]


def _movie(data: bytes) -> Any:
    piece = Piece("a", "1", track(_reader(data)))
    spans = movie_of([piece, piece], None, 25)
    return len(spans), len(movie_of([held(piece, 300, 25)], None, 25))


def _framecrc(data: bytes) -> Any:
    listing = Framecrc()
    for at in range(0, len(data), 50):
        listing.feed(data[at : at + 50])
    found = [listing.track(media) for media in ("video", "audio")]
    return [(each.end_us, each.packets) for each in found if each]


def _graphs(data: bytes) -> Any:
    """FFmpeg writes them: JSON always, what a file says of itself never."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    well = isinstance(said, dict) and isinstance(said.get("graphs"), list)
    return first_frame(data) if well and all(isinstance(g, dict) for g in said["graphs"]) else None


def _svg(data: bytes) -> Any:
    try:
        return svg_size(data)
    except SvgRefused:
        return None


READERS: dict[str, Callable[[bytes], Any]] = {
    "mp4": _movie,
    "h264": lambda data: repeats(data, 3),
    "heif": lambda data: heif_picture(_reader(data)),
    "sniff": lambda data: sniff(data[:HEAD_BYTES], _reader(data)) or describe(data[:HEAD_BYTES]),
    "picture": first_picture,
    "profile": profile_colours,
    "framecrc": _framecrc,
    "graphs": _graphs,
    "log": lambda data: (complaints(data.decode(errors="replace")), starved(data.decode("latin"))),
    "svg": _svg,
}


def read(data: bytes) -> Saw:
    name, _, rest = data.partition(b"\n")
    found = READERS[name.decode()](rest)
    return Saw(found is not None, repr(found).encode("utf-8", "replace"))


def made(*argv: str) -> bytes:
    command = [FFMPEG, "-nostdin", "-v", "error", "-f", "lavfi", "-i", *argv, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def _png() -> bytes:
    return made("testsrc=s=16x16:d=1", "-frames:v", "1", "-c:v", "png", "-f", "image2pipe")


def icc() -> bytes:
    """A profile of a matrix with curves."""
    tags = [
        (name, b"XYZ " + bytes(4) + struct.pack(">3i", 9000, 20000, 3000))
        for name in (b"rXYZ", b"gXYZ", b"bXYZ")
    ]
    curve = b"para" + bytes(4) + struct.pack(">HH5i", 3, 0, 157286, 62130, 3405, 5073, 2651)
    tags += [(b"rTRC", curve), (b"gTRC", b"curv" + bytes(4) + struct.pack(">IH", 1, 563))]
    tags += [(b"bTRC", b"curv" + bytes(4) + struct.pack(">I5H", 5, 0, 9000, 20000, 40000, 65535))]
    head = bytearray(128)
    head[16:24], head[36:40] = b"RGB XYZ ", b"acsp"
    at, table, data = 132 + 12 * len(tags), b"", b""
    for name, body in tags:
        table += name + struct.pack(">II", at + len(data), len(body))
        data += body
    return bytes(head) + struct.pack(">I", len(tags)) + table + data


NAMES = (
    *(b"stsz", b"stts", b"ctts", b"stco", b"stss", b"elst", b"mdhd", b"mvhd", b"stsd", b"avcC"),
    *(b"meta", b"pitm", b"iinf", b"infe", b"iref", b"dimg", b"iprp", b"ipco", b"ipma", b"iloc"),
    *(b"IHDR", b"IDAT", b"iCCP", b"acTL", b"acsp", b"curv", b"para", b"rTRC", b"gTRC", b"rXYZ"),
    *(b"#tb 0: ", b"0, ", b"1, ", b"width", b"viewBox='", b"mdat", b"moov", b"ID3"),
)


def _files(place: Place) -> dict[str, list[bytes]]:
    piece = place.folder / "piece.mp4"
    command = [
        FFMPEG,
        "-nostdin",
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=64x50:r=25:d=0.2",
    ]
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-pix_fmt", "yuv420p"]
    subprocess.run([*command, *coding, str(piece)], check=True)
    png, profile = _png(), icc()
    chunk = b"iCCPa\0\0" + zlib.compress(profile)
    tagged = png[:33] + struct.pack(">I", len(chunk) - 4) + chunk + bytes(4) + png[33:]
    frame = made("testsrc=s=16x16:d=1", "-frames:v", "1", "-c:v", "png", "-f", "matroska")
    return {
        "mp4": [piece.read_bytes()],
        "h264": [described()],
        "heif": [
            heic(Image.new("RGB", (64, 64), "red"), place.folder / "a.heic", tile=32).read_bytes()
        ],
        "sniff": [
            png,
            piece.read_bytes()[:300],
            b"ID3\4\0\0\0\0\1\0" + bytes(128) + b"\xff\xfb\x90\0",
        ],
        "picture": [frame, frame.replace(png, tagged), tagged],
        "profile": [profile],
        "framecrc": [CRC],
        "graphs": [GRAPHS],
        "log": [LOG],
        "svg": [
            *(b"<?xml version='1.0' encoding='%s'?>" % name + SVG for name in ENCODINGS),
            SVG.replace(b"3e2px", b"999999999e99").replace(
                b"9 9'", b".000000001e-99 999999999e99'"
            ),
        ],
    }


@contextmanager
def opened(place: Place) -> Iterator[Opened]:
    files = _files(place)
    inputs = {name.encode() + b"\n": damaged(good, NAMES) for name, good in files.items()}
    yield st.one_of(made.map(name.__add__) for name, made in inputs.items()), read


TARGETS = (Target("parsers", opened),)
