"""The parameter sets that x264 wrote: what of them a frame needs that repeats the one before."""

from __future__ import annotations

from resplice.core.boxes import boxes, number
from resplice.core.h264.bits import Bits
from resplice.errors import RenderError
from resplice.frozen import frozen

ENTRY_BYTES = 8 + 78
"""Of a picture's description, before the boxes in it."""
COUNTED_CHROMA = 100
"""Profiles from there on say how colours are sampled; those below have one way."""

MOST_BITS, MOST_BLOCKS = 16, 139_264
"""Of a number of a frame (7.4.2.1.1), and of a picture at the highest level (table A-1)."""


@frozen
class Parameters:
    """number_bits, order_bits: of a frame's number and of its place in the order of showing.
    blocks: of 16 × 16 pixels in a picture. arithmetic: whether bits are coded that way (CABAC).
    weighted, unfiltered: whether each slice says how it is weighted, and whether it is deblocked.
    quality: the quantizer that a slice has which says no other.
    """

    number_bits: int
    order_bits: int
    blocks: int
    quality: int
    arithmetic: bool
    weighted: bool
    unfiltered: bool


def parameters(stsd: bytes) -> Parameters:
    """Of a track with one kind of pictures. stsd: the box that describes it, without its header.

    Raises RenderError for what is not written as x264 writes ours.
    """
    entry = stsd[8 : 8 + number(stsd, 8, 4)]
    config = dict(boxes(entry, ENTRY_BYTES)).get(b"avcC", b"")
    sequence, rest = _set(config[6:])
    picture, _ = _set(rest[1:])
    quality, *coded = _picture(picture)
    return Parameters(*_sequence(sequence), quality, *coded)


def _set(data: bytes) -> tuple[bytes, bytes]:
    """The parameter set that lies there, and what lies behind it."""
    end = 2 + number(data, 0, 2)
    return data[2:end], data[end:]


def _sequence(unit: bytes) -> tuple[int, int, int]:
    """Bits of a frame's number and place, and blocks in a picture (7.3.2.1.1)."""
    profile, bits = unit[1] if len(unit) > 1 else 0, Bits(unit[4:])
    bits.count()
    if profile >= COUNTED_CHROMA:
        # 4:2:0 of eight bits, without tables of its own.
        _expect(bits.count() == 1, not bits.count(), not bits.count(), not bits.number(2))
    number_bits = bits.count() + 4
    _expect(not bits.count())
    order_bits = bits.count() + 4
    bits.count()
    bits.flag()
    wide, high = bits.count() + 1, bits.count() + 1
    _expect(bits.flag(), max(number_bits, order_bits) <= MOST_BITS, wide * high <= MOST_BLOCKS)
    return number_bits, order_bits, wide * high


def _picture(unit: bytes) -> tuple[int, bool, bool, bool]:
    """What slices are like (7.3.2.2)."""
    bits = Bits(unit[1:])
    _expect(not bits.count(), not bits.count())
    arithmetic = bits.flag()
    _expect(not bits.flag(), not bits.count())
    bits.count()
    bits.count()
    weighted = bits.flag()
    bits.number(2)
    quality = 26 + bits.signed()
    bits.signed()
    bits.signed()
    unfiltered = bits.flag()
    bits.flag()
    _expect(not bits.flag())
    return quality, arithmetic, weighted, unfiltered


def _expect(*as_ours: bool) -> None:
    if not all(as_ours):
        raise RenderError("a piece of the movie is encoded in another way than ours")
