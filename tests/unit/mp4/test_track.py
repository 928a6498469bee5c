"""A piece that is damaged is told as one, whatever of it is: nothing else is raised, and what it
claims to have takes neither memory nor time.
"""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from footage import FFMPEG
from parameter_sets import described
from resplice.core.h264 import repeats
from resplice.core.mp4.layout import Piece
from resplice.core.mp4.movie import movie_of
from resplice.core.mp4.track import track
from resplice.errors import RenderError

FIELDS = (b"mdhd", b"elst", b"stsd", b"stco", b"stss", b"stts", b"ctts", b"stsz")
NUMBERS = (0, 1, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF)
FPS = 25


@pytest.fixture(scope="module")
def piece(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    into = tmp_path_factory.mktemp("piece") / "piece.mp4"
    picture = ["-f", "lavfi", "-i", f"testsrc2=s=64x50:r={FPS}:d=0.2"]
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "1", "-g", "5"]
    command = [FFMPEG, "-nostdin", "-v", "error", *picture, *coding, "-pix_fmt", "yuv420p"]
    subprocess.run([*command, str(into)], check=True)
    return Path(into).read_bytes()


def joined(data: bytes) -> int:
    """As many spans as a movie of it twice has. Raises RenderError."""
    read = track(lambda offset, size: data[offset : offset + size])
    found = movie_of([Piece("a", "1", read)] * 2, None, FPS)
    repeats(read.said[b"stsd"], 2)
    return len(found)


def put(data: bytes, at: int, value: int) -> bytes:
    return data[:at] + value.to_bytes(4, "big") + data[at + 4 :]


def told(data: bytes) -> None:
    """It is joined, or refused in our words, at once."""
    began = time.process_time()
    try:
        joined(data)
    except RenderError as error:
        assert str(error)
    assert time.process_time() - began < 1


def test_a_piece_is_read(piece: bytes) -> None:
    assert joined(piece) == 3


@pytest.mark.parametrize("field", FIELDS)
def test_a_number_that_is_another_is_no_fault_of_ours(piece: bytes, field: bytes) -> None:
    begins = piece.rindex(field) + 4
    for at in range(begins, begins + 40):
        for number in NUMBERS:
            told(put(piece, at, number))


@pytest.mark.parametrize("field", FIELDS)
def test_a_piece_that_ends_early_is_no_fault_of_ours(piece: bytes, field: bytes) -> None:
    for end in range(piece.rindex(field), piece.rindex(field) + 60):
        told(piece[:end])


@pytest.mark.parametrize("field", [*FIELDS, b"mvhd", b"tkhd", b"hdlr", b"vmhd", b"dinf"])
def test_a_piece_that_lacks_a_box_is_no_fault_of_ours(piece: bytes, field: bytes) -> None:
    """It is one that we pass over."""
    told(piece.replace(field, b"udta"))


def test_samples_that_are_claimed_take_no_memory(piece: bytes) -> None:
    at = piece.rindex(b"stsz") + 8
    for size in (1, 0x10000):
        told(put(put(piece, at, size), at + 4, 0xFFFFFFFF))
    times = piece.rindex(b"stts") + 12
    told(put(put(piece.replace(b"ctts", b"free"), at + 4, 0x7FFFFFFF), times, 0x7FFFFFFF))


def test_a_picture_that_is_claimed_takes_no_memory() -> None:
    sequence = b"\x67\x42\0\x1e\xe0" + bytes(3) + b"\1" + bytes(9)
    with pytest.raises(RenderError):
        repeats(described(sequence), 3)
