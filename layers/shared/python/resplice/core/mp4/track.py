"""A track: what a piece of ours says of its samples, read from the little that is around them.

A piece is an MP4 file that FFmpeg wrote: one track, whose samples lie one behind the other.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import accumulate, chain, islice, repeat

from resplice.core.boxes import Read, boxes, number, table
from resplice.errors import RenderError
from resplice.frozen import frozen

BEGINNING_BYTES = 64
"""In them the samples begin."""
MAX_TABLES_BYTES = 64 << 20
HOLDERS = frozenset({b"moov", b"trak", b"edts", b"mdia", b"minf", b"stbl"})
"""Boxes of which nothing is wanted but what they hold."""
KNOWN = frozenset({b"mvhd", b"tkhd", b"elst", b"mdhd", b"hdlr", b"vmhd", b"smhd", b"dinf", b"udta"})
NEEDED = frozenset({b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"dinf", b"stsd", b"stts"})
MEDIA = frozenset({b"vmhd", b"smhd"})
TABLES = frozenset({b"stsd", b"stts", b"ctts", b"stss", b"stsz", b"stsc", b"stco"})
GROUPS = (b"sgpd", b"sbgp")
"""What sound says of all its samples."""


@frozen
class Track:
    """The one track of a piece.

    kind     the file's own box that says what it is
    said     the body of each box around the samples, whatever holds it
    scale    ticks in a second
    first    where in the file its samples begin
    sizes    of each sample, bytes
    shown    when each is shown or heard, ticks from the track's zero
    leaps    numbers of the samples that can be decoded by themselves, from 1; None for all of them
    """

    kind: bytes
    said: dict[bytes, bytes]
    scale: int
    first: int
    sizes: array[int]
    shown: list[int]
    leaps: array[int] | None

    @property
    def ticks(self) -> int:
        """From the first sample that is decoded to the end of the last one."""
        return _duration(self.said[b"mdhd"])

    @property
    def run_up(self) -> int:
        """Ticks of it that come before its zero."""
        return _edit(self.said)[1]

    @property
    def lasts(self) -> tuple[int, int]:
        """How long it lasts from its zero on, and how many of that are a second."""
        return _edit(self.said)[0], number(self.said[b"mvhd"], 12, 4)


def track(read: Read) -> Track:
    """The piece's one track. read: its bytes. Raises RenderError for what is no piece of ours."""
    beginning = read(0, BEGINNING_BYTES)
    first, end = _samples(beginning)
    said = dict(_flat(read(end, MAX_TABLES_BYTES)))
    if odd := said.keys() - KNOWN - TABLES - set(GROUPS if b"smhd" in said else ()):
        raise RenderError(f"a piece of the movie says more than ours do: {sorted(odd)}")
    if missing := NEEDED - said.keys() or (MEDIA - said.keys() == MEDIA and MEDIA):
        raise RenderError(f"a piece of the movie says less than ours do: {sorted(missing)}")
    if missing := NEEDED - said.keys():
        raise RenderError(f"a piece of the movie says less than ours do: {sorted(missing)}")
    if MEDIA.isdisjoint(said):
        raise RenderError("a piece of the movie has neither pictures nor sound")
    try:
        sizes = _sizes(said[b"stsz"], end - first)
        piece = Track(
            beginning[: number(beginning, 0, 4)],
            said,
            number(said[b"mdhd"], 12, 4),
            first,
            sizes,
            # Times may be said of any number of samples: one too many is enough to see it.
            list(islice(_shown(said), len(sizes) + 1)),
            table(said[b"stss"][8:]) if b"stss" in said else None,
        )
        whole = number(said[b"stco"], 8, 4) == first and sum(sizes) == end - first
    except (KeyError, IndexError) as error:
        raise RenderError(f"a piece of the movie has no {error}") from None
    if not whole or len(piece.shown) != len(sizes) or max(piece.leaps or (0,)) > len(sizes):
        raise RenderError("the samples of a piece of the movie lie in another way than ours")
    return piece


def _samples(beginning: bytes) -> tuple[int, int]:
    """Where in the file they begin and end."""
    at = 0
    while len(header := beginning[at : at + 16]) == 16 or header[4:8] == b"mdat":
        size, first = number(header, 0, 4), at + 8
        if size == 1:
            size, first = number(header, 8, 8), at + 16
        if header[4:8] == b"mdat":
            return first, at + size
        at += max(8, size)
    raise RenderError("a piece of the movie is no file of ours")


def _flat(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every box that holds no others that we want."""
    for kind, body in boxes(data):
        if kind in HOLDERS:
            yield from _flat(body)
        else:
            yield kind, body


def _sizes(body: bytes, most: int) -> array[int]:
    """most: bytes of all together; what says more than that is not ours."""
    alike, count = number(body, 4, 4), number(body, 8, 4)
    if alike * count > most:
        raise RenderError("a piece of the movie says more samples than it has")
    return array("I", repeat(alike, count)) if alike else table(body[12:])


def _shown(said: dict[bytes, bytes]) -> Iterator[int]:
    """When each sample is shown: when it is decoded, and then some."""
    durations, later = _each(said[b"stts"]), _each(said.get(b"ctts", bytes(8)))
    decoded = accumulate(chain([0], durations))
    run_up = _edit(said)[1]
    # Decoding times have one more: the end of the last sample.
    for at, more in zip(decoded, chain(later, _zeros(said)), strict=False):
        yield at + more - run_up


def _zeros(said: dict[bytes, bytes]) -> Iterator[int]:
    """For samples of which nothing says that they are shown later than they are decoded."""
    count = 0 if b"ctts" in said else number(said[b"stsz"], 8, 4)
    return iter(repeat(0, count))


def _each(body: bytes) -> Iterator[int]:
    """The value for each sample, of a table of runs."""
    if body[0]:
        raise RenderError("a piece of the movie counts in another way than ours")
    runs = table(body[8:])
    return chain.from_iterable(map(repeat, runs[1::2], runs[::2]))


def _edit(said: dict[bytes, bytes]) -> tuple[int, int]:
    """How long the track is shown, in the ticks of the file; and from which of its own ticks on."""
    body = said[b"elst"]
    if number(body, 4, 4) != 1:
        raise RenderError("a piece of the movie is edited")
    wide = 8 if body[0] else 4
    return number(body, 8, wide), number(body, 8 + wide, wide)


def _duration(mdhd: bytes) -> int:
    return number(mdhd, 24, 8) if mdhd[0] else number(mdhd, 16, 4)
