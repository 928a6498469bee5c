"""HEIF still pictures (HEIC, AVIF): which of a file's items is the picture, and what it says of it.

Pure. FFmpeg decodes the items and puts tiles together; which one is meant, which other one is its
transparency and what its colours are is said in boxes around them (ISO/IEC 23008-12).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from resplice.core.boxes import MAX_BOXES, Read, boxes, number
from resplice.frozen import frozen

MAX_META_BYTES = 8 << 20
_CODED = (b"hvc1", b"av01", b"avc1", b"vvc1", b"jpeg")
_ALPHA = (
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
    b"urn:mpeg:hevc:2015:auxid:1",
    b"urn:mpeg:avc:2015:auxid:1",
)


@frozen
class HeifPicture:
    """The picture of a file.

    stream      FFmpeg's specifier of it, behind the number of the input: `i:1`, a grid's `g:0`
    clear       the same of its transparency; empty when it has none
    profile     its ICC profile; empty when it has none
    primaries, transfer  by their numbers in H.273; 2 where it does not say
    """

    stream: str
    clear: str = ""
    profile: bytes = b""
    primaries: int = 2
    transfer: int = 2


@dataclass
class _Meta:
    """What the boxes say: the kind of each item, its properties, and whose auxiliary it is."""

    primary: int = 0
    kinds: dict[int, bytes] = field(default_factory=dict)
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)
    linked: dict[int, list[int]] = field(default_factory=dict)
    auxiliary_of: dict[int, int] = field(default_factory=dict)

    def said(self, item: int, kind: bytes) -> Iterator[bytes]:
        """The properties of that kind that the item has."""
        for place in self.linked.get(item, ()):
            if 0 < place <= len(self.properties) and self.properties[place - 1][0] == kind:
                yield self.properties[place - 1][1]

    def stream(self, item: int) -> str:
        """FFmpeg's specifier of the item; empty for one that it does not read.

        Grids are groups of streams, which it counts in the order of the items.
        """
        kind = self.kinds.get(item, b"")
        if kind == b"grid":
            return f"g:{[i for i, each in self.kinds.items() if each == b'grid'].index(item)}"
        return f"i:{item}" if kind in _CODED else ""


def heif_picture(read: Read) -> HeifPicture | None:
    """The file's picture; None when it is put together in a way that FFmpeg does not read."""
    body = _meta_box(read)
    try:
        meta = _read_meta(body)
    except IndexError:
        return None
    stream = meta.stream(meta.primary)
    if not stream:
        return None
    profile, primaries, transfer = b"", 2, 2
    for colours in meta.said(meta.primary, b"colr"):
        if colours[:4] in (b"prof", b"rICC"):
            profile = colours[4:]
        elif colours[:4] == b"nclx":
            primaries, transfer = number(colours, 4, 2), number(colours, 6, 2)
    return HeifPicture(stream, _clear(meta), profile, primaries, transfer)


def _clear(meta: _Meta) -> str:
    for item, whose in meta.auxiliary_of.items():
        types = meta.said(item, b"auxC")
        if whose == meta.primary and any(said[4:].startswith(_ALPHA) for said in types):
            return meta.stream(item)
    return ""


def _meta_box(read: Read) -> bytes:
    """The body of the first `meta` box of the file; nothing when there is none in reach."""
    offset = 0
    for _ in range(MAX_BOXES):
        header = read(offset, 16)
        size, start = number(header, 0, 4), 8
        if size == 1:
            size, start = number(header, 8, 8), 16
        if len(header) < 8 or size < start:
            return b""
        if header[4:8] == b"meta":
            return read(offset + start, min(size - start, MAX_META_BYTES))
        offset += size
    return b""


def _read_meta(body: bytes) -> _Meta:
    """Raises IndexError for boxes that end too early."""
    meta = _Meta()
    for kind, box in boxes(body, 4):
        if kind == b"pitm":
            meta.primary = number(box, 4, 4 if box[0] else 2)
        elif kind == b"iinf":
            meta.kinds = dict(map(_item, _infos(box)))
        elif kind == b"iref":
            meta.auxiliary_of = dict(_references(box))
        elif kind == b"iprp":
            for inner, part in boxes(box):
                if inner == b"ipco":
                    meta.properties = list(boxes(part))
                elif inner == b"ipma":
                    meta.linked |= dict(_links(part))
    return meta


def _infos(box: bytes) -> Iterator[bytes]:
    return (info for kind, info in boxes(box, 8 if box[0] else 6) if kind == b"infe")


def _item(info: bytes) -> tuple[int, bytes]:
    wide = 4 if info[0] >= 3 else 2
    return number(info, 4, wide), info[6 + wide : 10 + wide]


def _references(box: bytes) -> Iterator[tuple[int, int]]:
    """(an auxiliary item, whose it is)."""
    wide = 4 if box[0] else 2
    for kind, said in boxes(box, 4):
        if kind == b"auxl" and number(said, wide, 2):
            yield number(said, 0, wide), number(said, wide + 2, wide)


def _links(box: bytes) -> Iterator[tuple[int, list[int]]]:
    """(an item, the numbers of its properties, from 1)."""
    wide, each = (4 if box[0] else 2), (2 if box[3] & 1 else 1)
    at, mask = 8, (1 << 8 * each - 1) - 1
    for _ in range(min(number(box, 4, 4), MAX_BOXES)):
        item, count = number(box, at, wide), box[at + wide]
        at += wide + 1
        yield item, [number(box, at + n * each, each) & mask for n in range(count)]
        at += count * each
