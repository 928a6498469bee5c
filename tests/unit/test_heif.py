"""Which item of a HEIF file is its picture. Files here are boxes alone; real ones are rendered."""

from __future__ import annotations

import pytest
from resplice.core.heif import HeifPicture, Read, heif_picture


def box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def full(kind: bytes, body: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, bytes([version, 0, 0, flags]) + body)


def u16(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(2, "big") for number in numbers)


def u32(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def file(
    primary: int,
    kinds: dict[int, bytes],
    properties: tuple[bytes, ...] = (),
    linked: dict[int, list[int]] | None = None,
    references: bytes = b"",
) -> bytes:
    infos = b"".join(
        full(b"infe", u16(item, 0) + kind + b"\0", version=2) for item, kind in kinds.items()
    )
    links = b"".join(u16(item) + bytes([len(each), *each]) for item, each in (linked or {}).items())
    parts = [
        full(b"hdlr", u32(0) + b"pict" + bytes(13)),
        full(b"pitm", u16(primary)),
        full(b"iinf", u16(len(kinds)) + infos),
        full(b"iref", references),
        box(
            b"iprp",
            box(b"ipco", b"".join(properties)) + full(b"ipma", u32(len(linked or {})) + links),
        ),
    ]
    return box(b"ftyp", b"heic" + u32(0)) + full(b"meta", b"".join(parts)) + box(b"mdat", b"x")


def reading(data: bytes) -> Read:
    return lambda offset, size: data[offset : offset + size]


def found(data: bytes) -> HeifPicture | None:
    return heif_picture(reading(data))


def test_one_coded_item_is_named_by_its_number() -> None:
    assert found(file(7, {3: b"hvc1", 7: b"hvc1"})) == HeifPicture("i:7")
    assert found(file(1, {1: b"av01"})) == HeifPicture("i:1")


def test_grids_are_counted_in_the_order_of_the_items() -> None:
    kinds = {1: b"hvc1", 2: b"hvc1", 5: b"grid", 6: b"Exif", 9: b"grid"}
    assert found(file(5, kinds)) == HeifPicture("g:0")
    assert found(file(9, kinds)) == HeifPicture("g:1")


def test_the_transparency_of_the_picture_is_an_item_of_its_own() -> None:
    alpha = full(b"auxC", b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0")
    depth = full(b"auxC", b"urn:mpeg:mpegB:cicp:systems:auxiliary:depth\0")
    references = box(b"auxl", u16(3, 1, 1)) + box(b"auxl", u16(2, 1, 1))
    data = file(
        1, {1: b"av01", 2: b"av01", 3: b"av01"}, (alpha, depth), {2: [1], 3: [2]}, references
    )
    assert found(data) == HeifPicture("i:1", clear="i:2")


def test_colours_are_those_of_the_picture_itself() -> None:
    properties = (
        box(b"colr", b"prof" + b"of another"),
        box(b"colr", b"prof" + b"of its own"),
        box(b"colr", b"nclx" + u16(12, 13, 6) + b"\x80"),
    )
    data = file(2, {1: b"hvc1", 2: b"hvc1"}, properties, {1: [1], 2: [0x80 | 2, 3]})
    assert found(data) == HeifPicture("i:2", "", b"of its own", 12, 13)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(box(b"ftyp", b"heic") + box(b"mdat", b""), id="no boxes about items"),
        pytest.param(box(b"ftyp", b"heic") + full(b"meta", b""), id="empty"),
        pytest.param(file(9, {1: b"hvc1"}), id="a picture that is not there"),
        pytest.param(file(1, {1: b"iovl"}), id="an overlay of others"),
        pytest.param(b"\0\0\0\0ftypheic", id="a box of no size"),
        pytest.param(b"\0\0\0\1ftyp" + bytes(8), id="a long box of no size"),
    ],
)
def test_what_cannot_be_read_is_no_picture(data: bytes) -> None:
    assert found(data) is None


def test_a_damaged_file_harms_nobody() -> None:
    properties = (box(b"colr", b"nclx" + u16(12, 13, 6) + b"\x80"),)
    whole = file(2, {1: b"hvc1", 2: b"grid"}, properties, {1: [1], 2: [1]})
    for at in range(len(whole)):
        found(whole[:at])
        found(whole[:at] + b"\xff\xff" + whole[at + 2 :])


def test_a_file_of_endless_boxes_is_looked_at_for_a_while() -> None:
    assert heif_picture(lambda _offset, _size: b"\0\0\0\x08free") is None
