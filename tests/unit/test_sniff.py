"""What a file is by its first bytes, and the words for what is not taken."""

from __future__ import annotations

import pytest
from resplice.core.sniff import HEAD_BYTES, MAX_PNG_CHUNKS, describe, sniff

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(17)
ID3 = b"ID3\x04\0\0\0\0\0\x05" + bytes(5)


def webp(flags: int) -> bytes:
    return b"RIFF\x30\0\0\0WEBPVP8X\x0a\0\0\0" + bytes([flags]) + bytes(9)


def apng(frames: int) -> bytes:
    return PNG + b"\0\0\0\x08acTL" + frames.to_bytes(4, "big") + bytes(8) + b"\0\0\0\1IDAT\0"


def text(words: bytes) -> bytes:
    return len(words).to_bytes(4, "big") + b"tEXt" + words + bytes(4)


@pytest.mark.parametrize(
    ("head", "kind", "demuxer"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image", "jpeg_pipe"),
        (PNG + b"\0\0\0\1IDATacTL", "image", "png_pipe"),
        (apng(1), "image", "png_pipe"),
        (apng(2), "image", "apng"),
        (PNG + text(b"acTL\0\0\0\2") + b"\0\0\0\1IDAT", "image", "png_pipe"),
        (PNG + text(b"IDAT") + apng(2)[len(PNG) :], "image", "apng"),
        (webp(0x10), "image", "webp_pipe"),
        (webp(0x12), "image", "webp_anim"),
        (b"RIFF\x30\0\0\0WEBPVP8 " + bytes(20), "image", "webp_pipe"),
        (b"GIF89a" + bytes(7), "image", "gif"),
        (b"BM" + bytes(12) + b"\x28\0\0\0" + bytes(40), "image", "bmp_pipe"),
        (b"II*\0\x08\0\0\0", "image", "tiff_pipe"),
        (b"MM\0*\0\0\0\x08", "image", "tiff_pipe"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "image", "mov"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0", "image", "mov"),
        (b"\0\0\0\x20ftypavif\0\0\0\0", "image", "mov"),
        (b"\0\0\0\x20ftypisom\0\0\2\0", "video", "mov"),
        (b"\0\0\0\x14ftypqt  ", "video", "mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "video", "mov"),
        (b"\x1a\x45\xdf\xa3\x9f", "video", "matroska"),
        (b"RIFF\0\0\0\0AVI LIST", "video", "avi"),
        (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), "video", "asf"),
        (b"\0\0\1\xba\x21", "video", "mpeg"),
        ((b"\x47" + bytes(187)) * 4, "video", "mpegts"),
        (b"FLV\1\5", "video", "flv"),
        (b"OggS\0", "video", "ogg"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio", "wav"),
        (b"fLaC\0", "audio", "flac"),
        (b"FORM\0\0\0\0AIFFCOMM", "audio", "aiff"),
        (b"\xff\xfb\x90\x64" + bytes(400), "audio", "mp3"),
        (b"\xff\xf1\x50\x40\x20\xff", "audio", "aac"),
        (ID3 + b"\xff\xfb\x90\x64", "audio", "mp3"),
        (ID3 + b"\xff\xf1\x50\x40", "audio", "aac"),
        (b"ID3\x04\0\0\0\x7f\x7f\x7f" + bytes(99), "audio", "mp3"),
        (b"\0\1\0\0\0\x0c\0\x80", "font", ""),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'>", "drawing", ""),
        (b"OTTO\0\x0c\0\x80", "font", ""),
        (b"wOFF\0\1\0\0\0\0\0\0\0\x0c\0\0", "font", ""),
        (b"wOF2\0\1\0\0\0\0\0\0\0\x0c\0\0", "font", ""),
    ],
)
def test_kinds_that_are_taken(head: bytes, kind: str, demuxer: str) -> None:
    sniffed = sniff(head)
    assert sniffed is not None
    assert (sniffed.kind, sniffed.demuxer) == (kind, demuxer)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "an empty file"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n", "a playlist"),
        (b"\xef\xbb\xbf\n#EXTM3U\n", "a playlist"),
        (b"[playlist]\nFile1=http://x", "a playlist"),
        (b"<?xml version='1.0'?>\n<MPD xmlns='urn:mpeg:dash'>", "a playlist"),
        (b"<ASX version='3'>", "a playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd", "a list of files"),
        (b"file '/etc/passwd'\n", "a list of files"),
        (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1", "a session description"),
        (b"<?xml version='1.0'?><!-- c --><!DOCTYPE svg PUBLIC 'x'><svg", "an SVG drawing"),
        (b"\n <!DOCTYPE html><html>", "an HTML page"),
        (b"<!-- saved --><HTML>", "an HTML page"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "an XML document"),
        (b'{"error": "no"}', "JSON text"),
        (b"Not found", "plain text"),
        (b"PK\3\4", "a ZIP archive"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"\0\1\0\0Standard Jet DB", "data of an unknown kind"),
        (b"MZ\x90\0\3", "data of an unknown kind"),
        (bytes(range(128, 256)), "data of an unknown kind"),
        (b"RIFF\0\0\0\0CDXA", "data of an unknown kind"),
        (b"XXXX\0\0\0\0AVI LIST", "data of an unknown kind"),
    ],
)
def test_kinds_that_are_not_taken_are_named(head: bytes, words: str) -> None:
    assert sniff(head) is None
    assert describe(head) == words


@pytest.mark.parametrize(
    ("data", "demuxer"),
    [
        (PNG + text(bytes(90_000)) + apng(2)[len(PNG) :], "apng"),
        (b"ID3\x04\0\0\0\x05\0\0" + bytes(5 << 14) + b"\xff\xf1\x50\x40", "aac"),
        (b"ID3\x04\0\0\0\x05\0\0" + bytes(5 << 14) + b"fLaC", "flac"),
        (b"ID3\x04\0\0\0\x05\0\0" + bytes(5 << 14) + b"\xff\xfb\x90\x64", "mp3"),
    ],
)
def test_tags_longer_than_the_head_are_passed_over(data: bytes, demuxer: str) -> None:
    sniffed = sniff(data[:HEAD_BYTES], lambda offset, size: data[offset : offset + size])
    assert sniffed is not None and sniffed.demuxer == demuxer


def test_a_png_of_endless_chunks_is_looked_at_for_a_while() -> None:
    reads: list[int] = []

    def read(offset: int, _size: int) -> bytes:
        reads.append(offset)
        return b"\0\0\0\0tEXt"

    sniffed = sniff(PNG, read)
    assert sniffed is not None and sniffed.demuxer == "png_pipe"
    assert len(reads) == MAX_PNG_CHUNKS
