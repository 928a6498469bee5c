"""What is said around samples: tables of runs, places, and a format without its bit rate."""

from __future__ import annotations

from array import array

from resplice.core.boxes import box, boxes, number, table
from resplice.core.mp4.headers import numbers, places, runs, without_bitrate


def body(data: bytes) -> bytes:
    ((_, said),) = boxes(data)
    return said


def test_values_in_a_row_that_are_alike_are_one_run() -> None:
    said = body(runs(b"ctts", [5, 5, 7, 5]))
    assert number(said, 4, 4) == 3 and list(table(said[8:])) == [2, 5, 1, 7, 1, 5]


def test_places_say_how_many_samples_lie_where() -> None:
    in_chunks, begins = map(body, places([3, 3, 1], [10, 1 << 33, 1 << 34]))
    assert list(table(in_chunks[8:])) == [1, 3, 1, 3, 1, 1]
    assert [number(begins, 8 + 8 * n, 8) for n in range(3)] == [10, 1 << 33, 1 << 34]


def test_numbers_come_after_how_many_there_are() -> None:
    assert body(numbers(b"stss", array("I", [1, 9]))) == bytes(7) + b"\2" + b"\0\0\0\1\0\0\0\x09"


def test_a_format_is_the_same_whatever_its_bit_rate() -> None:
    def described(*inside: bytes) -> bytes:
        return bytes(7) + b"\1" + box(b"avc1", bytes(78), *inside)

    config = box(b"avcC", b"how")
    rates = [box(b"btrt", bytes([n] * 12)) for n in (1, 2)]
    assert without_bitrate(described(config, rates[0])) == described(config)
    assert without_bitrate(described(config, rates[1])) == described(config)
    assert without_bitrate(described(box(b"avcC", b"other"), rates[0])) != described(config)
