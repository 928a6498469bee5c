"""Large objects come in parts, several at a time, and are what they would be in one piece."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from resplice.adapters.s3 import objects, reading
from resplice.adapters.s3.reading import PARTS_AT_ONCE, in_parts
from resplice.errors import NotFound, StorageError
from s3_store import KEY, Store

PART = 1000
CONTENT = bytes(range(256)) * 40
"""Ten parts and a rest."""


class Parted(Store):
    """ranges: what was asked for, by part; the whole is None."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ranges: list[str | None] = []
        self.on("before-call.GetObject", self._asked)

    def _asked(self, **told: Any) -> None:
        self.ranges.append(told["params"]["headers"].get("Range"))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parted]:
    monkeypatch.setattr(reading, "PART_BYTES", PART)
    monkeypatch.setattr(objects, "PARTED_BYTES", 4 * PART)
    yield Parted(tmp_path)


def test_each_part_is_asked_for_once(store: Parted) -> None:
    store.objects.put(KEY, store.source(CONTENT), {})
    assert store.content() == CONTENT
    whole, *parts = store.ranges
    assert whole is None
    last = len(CONTENT) - 1
    ranges = [(at, min(at + PART - 1, last)) for at in range(0, len(CONTENT), PART)]
    assert sorted(map(str, parts)) == sorted(f"bytes={first}-{end}" for first, end in ranges)


def test_small_ones_come_in_one_piece(store: Parted) -> None:
    store.objects.put(KEY, store.source(CONTENT[: 4 * PART - 1]), {})
    assert store.content() == CONTENT[: 4 * PART - 1]
    assert store.ranges == [None]


def test_parts_come_side_by_side(store: Parted) -> None:
    together = threading.Barrier(PARTS_AT_ONCE)
    store.objects.put(KEY, store.source(CONTENT[: PARTS_AT_ONCE * PART]), {})

    def wait(**told: Any) -> None:
        if "Range" in told["params"]["headers"]:
            together.wait(timeout=30)

    store.on("before-call.GetObject", wait)
    assert store.content() == CONTENT[: PARTS_AT_ONCE * PART]


def test_one_that_is_replaced_meanwhile_is_read_as_it_was(store: Parted) -> None:
    store.objects.put(KEY, store.source(CONTENT), {})
    other, replaced = CONTENT[::-1], list[bool]()

    def replace(**told: Any) -> None:
        if "Range" in told["params"]["headers"] and not replaced:
            replaced.append(True)
            self = store.another()
            self.delete(KEY)
            self.put(KEY, store.source(other), {})

    store.on("before-call.GetObject", replace)
    assert store.content() == CONTENT
    assert store.content() == other


def test_one_whose_bytes_are_others_is_a_miss(store: Parted) -> None:
    store.objects.put(KEY, store.source(CONTENT), {})
    store.replace(CONTENT[::-1])
    with pytest.raises(NotFound):
        store.content()
    assert store.keys() == []


def test_a_part_that_cannot_be_read_is_an_error_and_leaves_nothing(store: Parted) -> None:
    store.objects.put(KEY, store.source(CONTENT), {})

    def fail(**told: Any) -> None:
        if told["params"]["headers"].get("Range", "").startswith("bytes=5000"):
            raise OSError("the line is dead")

    store.on("before-call.GetObject", fail)
    with pytest.raises(StorageError, match="cannot read"):
        store.content()
    assert store.keys() == [KEY]


def test_few_parts_are_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PART_BYTES", 1)
    lock, begun = threading.Lock(), 0

    def read(offset: int, size_bytes: int) -> bytes:
        nonlocal begun
        with lock:
            begun += 1
        return bytes(size_bytes)

    for taken, _ in enumerate(in_parts(read, 50), 1):
        with lock:
            assert begun <= taken + PARTS_AT_ONCE
    assert begun == 50
