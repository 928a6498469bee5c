"""Frames that repeat the one before: a slice in which every block is skipped (P_Skip).

A skipped block is that of the frame before, moved as its neighbours are: none of them moves. So the
picture is the same to the bit, whoever decodes it, and nothing is encoded.
"""

from __future__ import annotations

from functools import lru_cache

from resplice.core.h264 import bits
from resplice.core.h264.parameters import Parameters, parameters

SLICE = 0x41
"""The header of a NAL unit: a slice of a picture that others refer to, but for a key frame."""
ALL_ALIKE = 5
"""The type of a slice (P), like all of its picture."""
LENGTH_BYTES = 4
"""In front of each NAL unit in a file."""
TABLE, QUALITY = 2, 51
"""The table of contexts (cabac_init_idc) and the quantizer with which skipping is taken for likely
from the first block on. Nothing is quantized in a slice of skipped blocks."""
LIKELY, LIKELIEST = 44, 62
"""The state with which mb_skip_flag then begins (9.3.1.1: m = 29, n = 16), and the last one."""
_RANGES = (
    *("14 18 21 24", "14 17 20 23", "13 16 19 22", "12 15 18 21", "12 14 17 20", "11 14 16 19"),
    *("11 13 15 18", "10 12 15 17", "10 12 14 16", "9 11 13 15", "9 11 12 14", "8 10 12 14"),
    *("8 9 11 13", "7 9 11 12", "7 9 10 12", "7 8 10 11", "6 8 9 11", "6 7 9 10", "6 7 8 9"),
)
UNLIKELY_RANGES = tuple(tuple(map(int, row.split())) for row in _RANGES)
"""rangeTabLPS (table 9-44) from LIKELY to LIKELIEST."""


def repeats(stsd: bytes, count: int) -> tuple[bytes, ...]:
    """The frames that follow a key frame, each as it lies in a file: as many of them.

    stsd: the box that describes how the key frame is encoded, without its header.
    Raises RenderError for what is not written as x264 writes ours.
    """
    return _repeats(parameters(stsd), count)


@lru_cache(maxsize=32)
def _repeats(said: Parameters, count: int) -> tuple[bytes, ...]:
    units = (_frame(said, number) for number in range(1, count + 1))
    return tuple(len(unit).to_bytes(LENGTH_BYTES, "big") + unit for unit in units)


def _frame(said: Parameters, number: int) -> bytes:
    """number: of frames since the key frame. Each is shown after the one before, and refers to it;
    their places are counted by two (7.3.3).
    """
    header = "".join(
        (
            bits.count(0) + bits.count(ALL_ALIKE) + bits.count(0),
            bits.number(number, said.number_bits) + bits.number(2 * number, said.order_bits),
            "1" + bits.count(0),  # One frame is referred to, and that is the last one:
            "0",
            (bits.count(0) * 2 + "00") if said.weighted else "",
            "0",  # whatever is oldest is forgotten.
            bits.count(TABLE) if said.arithmetic else "",
            bits.signed(QUALITY - said.quality) if said.arithmetic else bits.signed(0),
            bits.count(1) if said.unfiltered else "",
        )
    )
    if not said.arithmetic:
        whole = header + bits.count(said.blocks) + "1"
        return bits.unit(SLICE, whole + "0" * (-len(whole) % 8))
    whole = header + "1" * (-len(header) % 8) + _skipped(said.blocks)
    return bits.unit(SLICE, whole + "0" * (-len(whole) % 8))


@lru_cache(maxsize=32)
def _skipped(blocks: int) -> str:
    """So many skipped blocks in arithmetic coding (9.3.4.2). Each is what is likeliest, and not the
    last one but for the last: the interval only shrinks, from its lower end, which stays 0.
    """
    state, interval, zeros = LIKELY, 510, 0
    for block in range(blocks):
        interval -= UNLIKELY_RANGES[state - LIKELY][interval >> 6 & 3]
        state = min(state + 1, LIKELIEST)
        doubled = max(0, 9 - interval.bit_length())
        interval, zeros = (interval << doubled) - 2, zeros + doubled
        if block < blocks - 1:
            doubled = max(0, 9 - interval.bit_length())
            interval, zeros = interval << doubled, zeros + doubled
    # The end (9.3.4.5): where the upper part of the interval begins. The first bit is not written,
    # and the last one ends the slice.
    return ("0" * zeros + bits.number(interval | 1, 10))[1:]
