"""Parameter sets as x264 writes them, in the box that describes how pictures are encoded."""

from __future__ import annotations

from resplice.core.boxes import box

SEQUENCE = bytes.fromhex("67640028acd940780227e5c05a810100a0000003002000000781e30632c0")
PICTURE = bytes.fromhex("68efbcb0")
"""Of 1080p, as x264 writes them."""


def described(sequence: bytes = SEQUENCE, picture: bytes = PICTURE) -> bytes:
    sets = b"".join(b"\x01" + len(each).to_bytes(2, "big") + each for each in (sequence, picture))
    config = box(b"avcC", b"\x01\x64\x00\x28\xff", b"\xe1" + sets[1:])
    return bytes(7) + b"\x01" + box(b"avc1", bytes(78), config)
