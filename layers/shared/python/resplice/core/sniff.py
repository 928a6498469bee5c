"""What a file is, by its first bytes.

Pure. Only kinds that stand for themselves are known here: whatever may point at other files or
addresses (playlists, scripts, SVG, HTML) is never given a demuxer. A drawing (SVG) is painted by
the browser, where it reaches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from resplice.core.facts import MediaKind
from resplice.core.svg import is_svg
from resplice.frozen import frozen

HEAD_BYTES = 65_536
MAX_PNG_CHUNKS = 10_000
"""How many chunks of a PNG are looked at for the one that says it moves."""

Read = Callable[[int, int], bytes]
"""(offset, size) -> these bytes of the file, fewer at its end."""


@frozen
class Sniffed:
    """kind is what the format is for: a video container may turn out to hold only sound, an
    animation (gif, webp_anim, apng: `image` here) to move. demuxer is empty for a font, and for
    a drawing.
    """

    kind: MediaKind
    demuxer: str


_FONTS = (b"\x00\x01\x00\x00", b"true", b"OTTO", b"wOFF", b"wOF2")
_BMP_HEADER_SIZES = (12, 16, 40, 52, 56, 64, 108, 124)
_FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")
_STILL_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"heif", b"mif1", b"mif2", b"avif", b"avis")
HEIF = "mov"
"""The demuxer of HEIC and AVIF pictures, which clips of the same family of files have too."""
_FIXED: tuple[tuple[int, bytes, Sniffed], ...] = (
    (0, b"\xff\xd8\xff", Sniffed("image", "jpeg_pipe")),
    (0, b"GIF87a", Sniffed("image", "gif")),
    (0, b"GIF89a", Sniffed("image", "gif")),
    (0, b"II*\x00", Sniffed("image", "tiff_pipe")),
    (0, b"MM\x00*", Sniffed("image", "tiff_pipe")),
    (0, b"\x1a\x45\xdf\xa3", Sniffed("video", "matroska")),
    (8, b"AVI ", Sniffed("video", "avi")),
    (0, bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), Sniffed("video", "asf")),
    (0, b"\x00\x00\x01\xba", Sniffed("video", "mpeg")),
    (0, b"FLV\x01", Sniffed("video", "flv")),
    (0, b"OggS", Sniffed("video", "ogg")),
    (0, b"fLaC", Sniffed("audio", "flac")),
    (8, b"WAVE", Sniffed("audio", "wav")),
    (8, b"AIFF", Sniffed("audio", "aiff")),
    (8, b"AIFC", Sniffed("audio", "aiff")),
)
_TEXTS: tuple[tuple[str, str], ...] = (
    (r"#EXTM3U|\[playlist\]|<MPD|<asx|<smil|\[Reference\]", "a playlist"),
    (r"ffconcat\s|file\s+'", "a list of files"),
    (r"v=0\s", "a session description"),
    (r"<svg", "an SVG drawing"),
    (r"<!doctype\s+html|<html|<head|<body", "an HTML page"),
    (r"<\?xml|<!--|<[a-z]", "an XML document"),
    (r"[\[{]", "JSON text"),
)
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"ttcf", "a font collection"),
)


def sniff(head: bytes, read: Read | None = None) -> Sniffed | None:
    """What the first HEAD_BYTES of a file say it is; None for anything that is not taken.

    read reaches behind the head: tags of any length may stand before what tells two kinds apart.
    Without it the head is all there is.
    """
    read = read or (lambda offset, size: head[offset : offset + size])
    for offset, magic, sniffed in _FIXED:
        if head.startswith(magic, offset) and (offset == 0 or head[:4] in (b"RIFF", b"FORM")):
            return sniffed
    for recognise in (_webp, _bmp, _boxes, _font, _transport_stream):
        found = recognise(head)
        if found is not None:
            return found
    return _png(head, read) or _mpeg_audio(head, read) or _drawing(head)


def describe(head: bytes) -> str:
    """What a file that sniff does not take seems to be, in a user's words: `an HTML page`."""
    if not head:
        return "an empty file"
    for magic, words in _OTHERS:
        if head.startswith(magic):
            return words
    if b"\x00" in head[:1024]:
        return "data of an unknown kind"
    text = head[:4096].decode("utf-8", "replace").removeprefix("\ufeff").lstrip()
    return _describe_text(text)


def _describe_text(text: str) -> str:
    start = re.match(r"(?:\s|<\?xml[^>]*>|<!--.*?-->|<!doctype svg[^>]*>)*", text, re.S | re.I)
    body = text[start.end() :] if start else text
    for candidate in (body, text):
        for pattern, words in _TEXTS:
            if re.match(pattern, candidate, re.I):
                return words
    return "plain text" if text.count("\ufffd") <= 1 else "data of an unknown kind"


def _drawing(head: bytes) -> Sniffed | None:
    return Sniffed("drawing", "") if is_svg(head) else None


def _png(head: bytes, read: Read) -> Sniffed | None:
    if not head.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    return Sniffed("image", "apng" if _png_frames(read) > 1 else "png_pipe")


def _png_frames(read: Read) -> int:
    """How many frames a PNG says it has. Chunk by chunk: its texts may hold any bytes."""
    offset = 8
    for _ in range(MAX_PNG_CHUNKS):
        header = read(offset, 8)
        if header[4:] == b"acTL":
            return int.from_bytes(read(offset + 8, 4), "big")
        if len(header) < 8 or header[4:] == b"IDAT":
            break
        offset += 12 + int.from_bytes(header[:4], "big")
    return 1


def _webp(head: bytes) -> Sniffed | None:
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    animated = head[12:16] == b"VP8X" and len(head) > 20 and head[20] & 0x02
    return Sniffed("image", "webp_anim" if animated else "webp_pipe")


def _bmp(head: bytes) -> Sniffed | None:
    known = head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES
    return Sniffed("image", "bmp_pipe") if known else None


def _boxes(head: bytes) -> Sniffed | None:
    if head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS:
        return Sniffed("image", HEIF)
    return Sniffed("video", "mov") if head[4:8] in _FIRST_BOXES else None


def _font(head: bytes) -> Sniffed | None:
    tables = int.from_bytes(head[4:6] if head[:1] != b"w" else head[12:14], "big")
    return Sniffed("font", "") if head[:4] in _FONTS and 0 < tables <= 128 else None


def _transport_stream(head: bytes) -> Sniffed | None:
    for packet_bytes, first in ((188, 0), (192, 4)):
        marks = head[first : first + 5 * packet_bytes : packet_bytes]
        if len(marks) >= 3 and set(marks) == {0x47}:
            return Sniffed("video", "mpegts")
    return None


def _mpeg_audio(head: bytes, read: Read) -> Sniffed | None:
    tagged = head.startswith(b"ID3")
    sync = read(_id3_end(head) if tagged else 0, 3)
    if len(sync) < 3:
        return Sniffed("audio", "mp3") if tagged else None
    if sync == b"fLa":
        return Sniffed("audio", "flac")
    if sync[0] != 0xFF or sync[1] & 0xE0 != 0xE0:
        return Sniffed("audio", "mp3") if tagged else None
    return _frame_kind(sync)


def _frame_kind(sync: bytes) -> Sniffed | None:
    layer, version = sync[1] >> 1 & 3, sync[1] >> 3 & 3
    if layer == 0:
        is_adts = sync[1] & 0xF6 == 0xF0 and sync[2] >> 2 & 15 < 13
        return Sniffed("audio", "aac") if is_adts else None
    if version == 1 or sync[2] >> 4 in (0, 15) or sync[2] >> 2 & 3 == 3:
        return None
    return Sniffed("audio", "mp3")


def _id3_end(head: bytes) -> int:
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size
