"""What is read from the corner of a picture that FFmpeg wrote, and from bytes that it did not."""

from __future__ import annotations

import subprocess
import zlib

import imageio_ffmpeg
from resplice.core.first_picture import CORNER, WRITTEN, FirstPicture, first_picture


def element(name: str, value: bytes) -> bytes:
    return bytes.fromhex(name) + (len(value) | 1 << 28).to_bytes(4, "big") + value


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + bytes(4)


def matroska(interlaced: int, colour: bytes, png: bytes) -> bytes:
    video = element("9a", bytes([interlaced])) + element("55b0", colour)
    tracks = element("1654ae6b", element("ae", element("e0", video)))
    cluster = element("1f43b675", element("a3", b"\x81\0\0\x80" + png))
    return element("1a45dfa3", b"") + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + tracks + cluster


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + b"".join(chunks)


def test_fields_and_colours_are_read() -> None:
    profile = chunk(b"iCCP", b"icc\0\0" + zlib.compress(b"a profile"))
    told = element("55ba", b"\x10") + element("55bb", b"\x09")
    whole = matroska(1, told, png(profile, chunk(b"IDAT", b"x")))
    assert first_picture(whole) == FirstPicture(True, 9, 16, b"a profile")


def test_what_is_not_said_is_not_made_up() -> None:
    assert first_picture(matroska(2, b"", png(chunk(b"IDAT", b"x")))) == FirstPicture()
    assert first_picture(b"") == FirstPicture()


def test_what_ffmpeg_writes_is_read() -> None:
    tags = "setparams=color_primaries=bt2020:color_trc=arib-std-b67:field_mode=tff"
    source = f"color=s=64x48:r=1:d=1,format=yuv420p,{tags},{CORNER}"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", source]
    told = subprocess.run([*command, *WRITTEN, "-"], capture_output=True, check=True).stdout
    assert first_picture(told) == FirstPicture(True, 9, 18, black=True)


def test_damaged_bytes_harm_nobody() -> None:
    profile = chunk(b"iCCP", b"icc\0\0" + zlib.compress(b"a profile"))
    whole = matroska(1, element("55ba", b"\x10"), png(profile))
    for at in range(len(whole)):
        first_picture(whole[:at])
        first_picture(whole[:at] + b"\xff\0" + whole[at + 2 :])
