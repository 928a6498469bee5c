"""Frames that repeat the one before: their numbers, and all of their blocks skipped. That decoders
show them so is tested with real ones, in tests/render/test_held.py.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from parameter_sets import PICTURE, described
from resplice.core.h264 import repeats
from resplice.core.h264.bits import Bits
from resplice.core.h264.parameters import parameters

PLAIN = bytes.fromhex("68ce3cb0")
"""Without arithmetic coding and weights, as x264 writes it for the quality `low`."""


def headers(picture: bytes, count: int) -> Sequence[tuple[int, int]]:
    """(number, place) of each frame."""
    said = parameters(described(picture=picture))
    found = []
    for frame in repeats(described(picture=picture), count):
        assert int.from_bytes(frame[:4], "big") == len(frame) - 4
        assert frame[4] == 0x41
        bits = Bits(frame[5:])
        assert [bits.count() for _ in range(3)] == [0, 5, 0]
        found.append((bits.number(said.number_bits), bits.number(said.order_bits)))
    return found


@pytest.mark.parametrize("picture", [PICTURE, PLAIN])
def test_frames_count_on_and_begin_anew(picture: bytes) -> None:
    found = headers(picture, 40)
    assert found == [(number % 16, 2 * number % 64) for number in range(1, 41)]


def test_every_block_is_skipped() -> None:
    (frame,) = repeats(described(picture=PLAIN), 1)
    bits = Bits(frame[5:])
    # Type, place, one reference, the last; what is forgotten; no other quantizer; not deblocked.
    assert [bits.count() for _ in range(3)] == [0, 5, 0]
    bits.number(4 + 6)
    assert (bits.flag(), bits.count(), bits.number(2), bits.signed()) == (True, 0, 0, 0)
    assert bits.count() == 1
    assert bits.count() == 8160 and bits.flag(), "all blocks, and the end"


def test_a_frame_of_1080p_takes_few_bytes() -> None:
    assert len(repeats(described(), 1)[0]) < 80 and repeats(described(), 0) == ()
