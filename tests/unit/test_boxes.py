"""Boxes are read as they are written, and what is no box ends the reading."""

from __future__ import annotations

from array import array

from resplice.core.boxes import box, boxes, number, table, written


def test_what_was_written_is_read() -> None:
    data = box(b"free") + box(b"mdat", b"ab", b"c")
    assert list(boxes(data)) == [(b"free", b""), (b"mdat", b"abc")]
    assert list(boxes(b"xx" + data, 2)) == list(boxes(data))
    assert number(data, 0, 4) == 8


def test_what_is_no_box_ends_the_reading() -> None:
    assert list(boxes(box(b"free") + b"\0\0\0\1mdat" + bytes(20))) == [(b"free", b"")]
    assert list(boxes(b"\0\0")) == []


def test_numbers_have_their_most_significant_byte_first() -> None:
    values = array("I", [1, 0x01020304])
    assert written(values) == b"\0\0\0\1\1\2\3\4"
    assert table(written(values)) == values == array("I", [1, 0x01020304])
