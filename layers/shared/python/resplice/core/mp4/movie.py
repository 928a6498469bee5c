"""A movie of pieces: what is said in front of its samples, and which bytes of the pieces follow.

No sample is changed. Frames lie on the movie's grid, whatever time each piece says of its own.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from math import lcm

from resplice.core.boxes import box
from resplice.core.mp4.headers import (
    file_header,
    grouped,
    movie_header,
    numbers,
    places,
    runs,
    track_box,
    without_bitrate,
)
from resplice.core.mp4.layout import Chunk, Piece, laid
from resplice.core.mp4.spans import Span
from resplice.core.mp4.track import Track
from resplice.errors import RenderError

Placed = Sequence[tuple[int, Chunk]]
"""Chunks, each with where in the movie it begins."""


def movie_of(pictures: Sequence[Piece], sound: Piece | None, fps: int) -> list[Span]:
    """The movie's bytes, in order: they play before they are loaded.

    pictures: the same one may come again. Raises RenderError for what does not fit together.
    """
    chunks = list(laid(pictures, sound, fps))
    tracks = [piece.track for piece in pictures]
    heard = sound.track if sound else None
    size = sum(chunk.size_bytes for chunk in chunks)

    def header(begin: int) -> bytes:
        begins = accumulate((chunk.size_bytes for chunk in chunks), initial=begin)
        tables = _tables(tracks, heard, fps, list(zip(begins, chunks, strict=False)))
        return file_header(tracks[0].kind, size, tables=tables)

    # As long as it will be, wherever the samples begin.
    return [header(len(header(0))), *_joined(span for chunk in chunks for span in chunk.spans)]


def _joined(found: Iterable[Span]) -> Iterator[Span]:
    """The same bytes in as few spans as they are."""
    held: Span = b""
    for span in found:
        if (both := _both(held, span)) is not None:
            held = both
        else:
            yield held
            held = span
    yield held


def _both(one: Span, other: Span) -> Span | None:
    """The two as one, where one is empty or they lie in one object, one behind the other."""
    if isinstance(one, bytes) or isinstance(other, bytes):
        return one or other if b"" in (one, other) else None
    if (one.key, one.end) != (other.key, other.offset):
        return None
    return replace(one, size_bytes=one.size_bytes + other.size_bytes)


def _tables(tracks: Sequence[Track], sound: Track | None, fps: int, placed: Placed) -> bytes:
    first, frames = tracks[0], sum(len(track.sizes) for track in tracks)
    scale = lcm(first.scale, sound.scale) if sound else first.scale
    lengths = [frames * scale // fps]
    boxes = [_seen(tracks, fps, lengths[0], placed)]
    if sound:
        ticks, of_second = sound.lasts
        lengths.append(-(-ticks * scale // of_second))
        boxes.append(_heard(sound, lengths[1], placed))
    header = movie_header(first, scale, max(lengths), len(boxes))
    return box(b"moov", header, *boxes, box(b"udta", first.said.get(b"udta", b"")))


def _seen(tracks: Sequence[Track], fps: int, length: int, placed: Placed) -> bytes:
    first, tick = tracks[0], tracks[0].scale // fps
    for track in {id(each): each for each in tracks}.values():
        _check(track, first, tick)
    later = [at - number * tick for track in tracks for number, at in enumerate(track.shown)]
    run_up = max(-min(later), *(track.run_up for track in tracks))
    tables = [
        box(b"stsd", without_bitrate(first.said[b"stsd"])),
        runs(b"stts", [tick] * len(later)),
        *_leaps(tracks),
        *([runs(b"ctts", (each + run_up for each in later))] if run_up else []),
        *_places(placed, tracks, is_sound=False),
    ]
    return track_box(first, 1, length, len(later) * tick, run_up, tables)


def _check(track: Track, first: Track, tick: int) -> None:
    formats = [without_bitrate(each.said[b"stsd"]) for each in (track, first)]
    if track.scale != first.scale or formats[0] != formats[1]:
        raise RenderError("a segment was encoded in another way than the first one")
    if not tick or sorted(track.shown) != [*range(0, len(track.shown) * tick, tick)]:
        raise RenderError("the frames of a segment do not lie on the movie's grid")


def _leaps(tracks: Sequence[Track]) -> Iterator[bytes]:
    """Which frames can be decoded by themselves; nothing when all can."""
    if all(track.leaps is None for track in tracks):
        return
    found, before = array("I"), 0
    for track in tracks:
        own = range(1, len(track.sizes) + 1) if track.leaps is None else track.leaps
        found.extend(before + number for number in own)
        before += len(track.sizes)
    yield numbers(b"stss", found)


def _heard(track: Track, length: int, placed: Placed) -> bytes:
    tables = [
        *(box(kind, track.said[kind]) for kind in (b"stsd", b"stts")),
        *_places(placed, [track], is_sound=True),
        *grouped(track),
    ]
    return track_box(track, 2, length, track.ticks, track.run_up, tables)


def _places(placed: Placed, tracks: Sequence[Track], *, is_sound: bool) -> Iterator[bytes]:
    """How large the samples are, and where they lie."""
    own = [(begin, chunk) for begin, chunk in placed if chunk.is_sound == is_sound]
    sizes = array("I")
    for track in tracks:
        sizes.extend(track.sizes)
    in_chunks, begins = places([chunk.samples for _, chunk in own], [begin for begin, _ in own])
    yield in_chunks
    yield numbers(b"stsz", sizes, before=bytes(4))
    yield begins
