"""Bits of an H.264 stream: fields of so many bits, and numbers whose own bits say how many they are
(ITU-T H.264, 9.1). Bits to be written are text of "0" and "1": there are few of them.
"""

from __future__ import annotations

import re

from resplice.errors import RenderError

_START = re.compile(rb"\x00\x00(?=[\x00-\x03])")


class Bits:
    """What is left to be read of a NAL unit. Raises RenderError at its end."""

    def __init__(self, unit: bytes) -> None:
        payload = unit.replace(b"\x00\x00\x03", b"\x00\x00")
        self._left, self._value = 8 * len(payload), int.from_bytes(payload, "big")

    def number(self, bits: int) -> int:
        """u(n)"""
        self._left -= bits
        if self._left < 0:
            raise RenderError("a piece of the movie says less of its pictures than ours do")
        return self._value >> self._left & (1 << bits) - 1

    def flag(self) -> bool:
        return self.number(1) == 1

    def count(self) -> int:
        """ue(v)"""
        zeros = 0
        while not self.flag():
            zeros += 1
        return (1 << zeros) - 1 + self.number(zeros)

    def signed(self) -> int:
        """se(v)"""
        code = self.count()
        return (code + 1) // 2 if code % 2 else -(code // 2)


def number(value: int, bits: int) -> str:
    """u(n), of what is left of the value in so many bits."""
    return format(value % (1 << bits), f"0{bits}b")


def count(value: int) -> str:
    """ue(v)"""
    bits = (value + 1).bit_length()
    return format(value + 1, f"0{2 * bits - 1}b")


def signed(value: int) -> str:
    """se(v)"""
    return count(2 * value - 1 if value > 0 else -2 * value)


def unit(header: int, bits: str) -> bytes:
    """A NAL unit: its header, and bits up to a whole byte, in which no start code is (7.4.1)."""
    payload = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return bytes([header]) + _START.sub(b"\x00\x00\x03", payload)
