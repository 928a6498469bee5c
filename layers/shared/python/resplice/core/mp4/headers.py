"""The boxes around a movie's samples, made of those of its pieces. Lengths have eight bytes."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import groupby

from resplice.core.boxes import box, boxes, number, written
from resplice.core.mp4.track import GROUPS, Track

LONG = b"\x01"
"""The version of a box whose times have eight bytes."""
NEVER = bytes(16)
"""When it was made, and when it was changed."""
ENTRY_BYTES = 8 + 78
"""Of a picture's description, before the boxes in it."""


def file_header(said: bytes, samples_bytes: int, *, tables: bytes) -> bytes:
    """All that lies before the samples. said: the piece's box that says what kind of file it is."""
    return said + tables + (1).to_bytes(4, "big") + b"mdat" + _long(16 + samples_bytes)


def movie_header(first: Track, scale: int, length: int, tracks: int) -> bytes:
    """scale: ticks in a second, in which the length of the movie counts, and that of its tracks."""
    said = first.said[b"mvhd"]
    times = NEVER + scale.to_bytes(4, "big") + _long(length)
    return box(b"mvhd", LONG, said[1:4], times, said[20:-4], (tracks + 1).to_bytes(4, "big"))


def track_box(
    said: Track, number_: int, length: int, ticks: int, run_up: int, tables: Iterable[bytes]
) -> bytes:
    """A track as the piece has it, with other samples.

    length  from its zero on, in ticks of the movie
    ticks   all of it, in ticks of its own; run_up: how many of them come before its zero
    """
    of = said.said
    head = NEVER + number_.to_bytes(4, "big") + bytes(4) + _long(length)
    edit = (1).to_bytes(4, "big") + _long(length) + _long(run_up) + (1 << 16).to_bytes(4, "big")
    times = NEVER + said.scale.to_bytes(4, "big") + _long(ticks)
    medium = next(kind for kind in (b"vmhd", b"smhd") if kind in of)
    return box(
        b"trak",
        box(b"tkhd", LONG, of[b"tkhd"][1:4], head, of[b"tkhd"][24:]),
        box(b"edts", box(b"elst", LONG, bytes(3), edit)),
        box(
            b"mdia",
            box(b"mdhd", LONG, bytes(3), times, of[b"mdhd"][20:]),
            box(b"hdlr", of[b"hdlr"]),
            box(
                b"minf",
                box(medium, of[medium]),
                box(b"dinf", of[b"dinf"]),
                box(b"stbl", *tables),
            ),
        ),
    )


def runs(kind: bytes, values: Iterable[int]) -> bytes:
    """A table of values, of which many in a row are alike."""
    found = array("I")
    for value, alike in groupby(values):
        found.extend((sum(1 for _ in alike), value))
    return box(kind, bytes(4), (len(found) // 2).to_bytes(4, "big"), written(found))


def numbers(kind: bytes, values: array[int], before: bytes = b"") -> bytes:
    """A table of numbers. before: what the box says before it says how many there are."""
    return box(kind, bytes(4), before, len(values).to_bytes(4, "big"), written(values))


def places(counts: Iterable[int], offsets: Iterable[int]) -> Iterable[bytes]:
    """Where in the file the samples lie: how many in each chunk, and where that begins."""
    found = array("I")
    for number_, count in enumerate(counts, start=1):
        if not found or found[-2] != count:
            found.extend((number_, count, 1))
    yield box(b"stsc", bytes(4), (len(found) // 3).to_bytes(4, "big"), written(found))
    begins = array("Q", offsets)
    yield box(b"co64", bytes(4), len(begins).to_bytes(4, "big"), written(begins))


def grouped(track: Track) -> Iterable[bytes]:
    """What is said of all of its samples together."""
    return (box(kind, track.said[kind]) for kind in GROUPS if kind in track.said)


def without_bitrate(stsd: bytes) -> bytes:
    """How pictures are encoded: what is alike for all segments, however many bytes they need."""
    entry, size = stsd[8:], number(stsd, 8, 4)
    kept = [box(kind, body) for kind, body in boxes(entry[:size], ENTRY_BYTES) if kind != b"btrt"]
    return stsd[:8] + box(entry[4:8], entry[8:ENTRY_BYTES], *kept)


def _long(value: int) -> bytes:
    return value.to_bytes(8, "big")
