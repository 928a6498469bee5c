"""Bits: what is written is read again, and no start code comes to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.h264 import bits
from resplice.core.h264.bits import Bits
from resplice.errors import RenderError


@given(st.lists(st.integers(-(1 << 20), 1 << 20)), st.integers(0, 1 << 31))
def test_what_is_written_is_read(values: list[int], wide: int) -> None:
    said = "".join(bits.signed(each) + bits.count(abs(each)) for each in values)
    unit = bits.unit(9, (said := said + bits.number(wide, 32)) + "0" * (-len(said) % 8))
    read = Bits(unit[1:])
    assert [(read.signed(), read.count()) for _ in values] == [(v, abs(v)) for v in values]
    assert read.number(32) == wide
    assert not any(code in unit[1:] for code in (b"\0\0\0", b"\0\0\1", b"\0\0\2"))


def test_numbers_are_as_the_standard_has_them() -> None:
    """ITU-T H.264, tables 9-1 and 9-3."""
    assert [bits.count(n) for n in range(5)] == ["1", "010", "011", "00100", "00101"]
    assert [bits.signed(n) for n in (0, 1, -1, 2)] == ["1", "010", "011", "00100"]


def test_what_ends_too_early_is_an_error() -> None:
    with pytest.raises(RenderError):
        Bits(b"\0").count()
