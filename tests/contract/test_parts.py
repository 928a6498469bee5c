"""What everyone who opens objects for FFmpeg must do: whole, or as they are read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import IncompleteRead
from pathlib import Path
from threading import Event
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.parts import WholeParts
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.s3 import blocks
from resplice.adapters.s3.kept import Kept
from resplice.adapters.s3.parts import S3Parts
from resplice.errors import NotFound, StorageError
from resplice.ports.objects import Objects, StoredObject
from resplice.ports.parts import Parts
from s3_store import Store

KEY = f"elements/content/{'a' * 64}"
BLOCK = 1000
CONTENT = bytes(range(256)) * 40
"""Ten blocks and a rest."""


def little(stored: StoredObject) -> bool:
    return True


def much(stored: StoredObject) -> bool:
    return False


def ranged(url: str, said: str | None, name: str = "") -> tuple[bytes, Mapping[str, str]]:
    request = Request(url + name, headers={"Range": said} if said else {})
    with urlopen(request, timeout=10) as answer:
        return answer.read(), dict(answer.headers)


def read(place: str, offset: int, size_bytes: int) -> bytes:
    if place.startswith("/"):
        with Path(place).open("rb") as file:
            return os.pread(file.fileno(), size_bytes, offset)
    content, headers = ranged(place, f"bytes={offset}-{offset + size_bytes - 1}")
    assert headers["Content-Range"].startswith(f"bytes {offset}-")
    return content


@dataclass(frozen=True)
class Place:
    objects: Objects
    parts: Parts
    folder: Path

    def put(self, content: bytes = CONTENT, **facts: Any) -> None:
        (self.folder / "source").write_bytes(content)
        self.objects.put(KEY, self.folder / "source", facts)


@pytest.fixture(params=["disk", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "disk":
        with closing(DiskObjects(tmp_path / "store", None)) as disk:
            yield Place(disk, WholeParts(disk), tmp_path)
    else:
        scratch, store = ScratchFolder(tmp_path / "scratch"), Store(tmp_path)
        yield Place(store.objects, S3Parts(store.objects, scratch, 1), tmp_path)
        assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.parametrize("reads_little", [little, much])
def test_any_part_is_what_the_object_has_there(
    place: Place, reads_little: Callable[[StoredObject], bool]
) -> None:
    place.put()
    with place.parts.open(KEY, reads_little) as opened:
        for offset, size in ((5 * BLOCK + 7, 3 * BLOCK), (0, 1), (len(CONTENT) - 3, 100)):
            assert read(opened, offset, size) == CONTENT[offset : offset + size]


def test_one_that_is_not_there_is_said_at_once(place: Place) -> None:
    with pytest.raises(NotFound), place.parts.open(KEY, little):
        pass


def test_what_goes_wrong_while_it_is_open_passes_through(place: Place) -> None:
    place.put()
    with pytest.raises(ZeroDivisionError), place.parts.open(KEY, little) as opened:
        read(opened, 0, 1)
        raise ZeroDivisionError


class Far(Store):
    """S3, where what is asked for is counted. ranges: None is the whole."""

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(folder)
        self.objects = self.another(**options)
        self.parts = S3Parts(self.objects, ScratchFolder(folder / "scratch"), BLOCK)
        self.ranges: list[str | None] = []
        self.on("before-call.GetObject", self._asked)

    def _asked(self, **told: Any) -> None:
        self.ranges.append(told["params"]["headers"].get("Range"))

    def put(self, content: bytes = CONTENT, **facts: Any) -> None:
        self.objects.put(KEY, self.source(content), facts)

    def wait_for_asked(self, times: int) -> None:
        deadline_s = time.monotonic() + 10
        while len(self.ranges) < times and time.monotonic() < deadline_s:
            time.sleep(0.005)

    def blocks(self, *numbers: int) -> list[str]:
        last = len(CONTENT) - 1
        return [f"bytes={n * BLOCK}-{min((n + 1) * BLOCK - 1, last)}" for n in numbers]


@pytest.fixture
def far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Far]:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", BLOCK)
    yield Far(tmp_path)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_blocks_are_fetched_once_and_only_those_that_are_asked_for(far: Far) -> None:
    far.put()
    with far.parts.open(KEY, little) as url:
        assert read(url, 5 * BLOCK + 1, BLOCK - 1) == CONTENT[5 * BLOCK + 1 : 6 * BLOCK]
        assert read(url, 5 * BLOCK, 3) == CONTENT[5 * BLOCK : 5 * BLOCK + 3]
        assert far.ranges == far.blocks(5)
        read(url, 10 * BLOCK, 1)
    assert far.ranges == far.blocks(5, 10)


def test_who_reads_on_finds_the_next_ones_on_their_way(far: Far) -> None:
    far.put()
    with far.parts.open(KEY, little) as url:
        read(url, 2 * BLOCK, BLOCK + 1)
        # What has not begun when nobody reads any more is not fetched.
        far.wait_for_asked(5)
    assert sorted(map(str, far.ranges)) == sorted(far.blocks(2, 3, 4, 5, 6))


def test_who_asks_for_no_range_is_given_all(far: Far) -> None:
    far.put()
    with far.parts.open(KEY, little) as url:
        assert ranged(url, None)[0] == CONTENT


def test_small_ones_and_those_of_which_much_is_read_come_whole(far: Far) -> None:
    told = list[StoredObject]()
    far.put(length=3)
    with far.parts.open(KEY, lambda stored: bool(told.append(stored))) as path:
        assert Path(path).read_bytes() == CONTENT
    assert [(each.size_bytes, each.facts) for each in told] == [(len(CONTENT), {"length": 3})]
    far.put(CONTENT[: BLOCK - 1])
    with far.parts.open(KEY, little) as path:
        assert Path(path).read_bytes() == CONTENT[: BLOCK - 1]


def test_one_of_which_much_was_read_after_all_comes_whole_the_next_time(far: Far) -> None:
    far.put()
    for size_bytes, kind in ((1, "http:"), (8 * BLOCK, "http:"), (1, f"{far.folder}")):
        with far.parts.open(KEY, little) as opened:
            assert opened.startswith(kind)
            read(opened, 0, size_bytes)


def test_what_is_kept_whole_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    far = Far(tmp_path, kept=(kept := Kept(ScratchFolder(tmp_path / "scratch"))))
    far.put(content := b"large" * 300_000)
    with far.parts.open(KEY, little) as path:
        assert Path(path).read_bytes() == content
    assert far.ranges == []
    kept.close()


def test_one_that_is_replaced_meanwhile_is_an_error(far: Far) -> None:
    far.put()
    with pytest.raises(NotFound), far.parts.open(KEY, little) as url:
        read(url, 0, 1)
        far.put(CONTENT[::-1])
        assert read(url, 0, BLOCK) == CONTENT[:BLOCK]
        with pytest.raises(IncompleteRead):
            read(url, 5 * BLOCK, 1)


def test_bytes_that_do_not_come_are_an_error_at_the_end(far: Far) -> None:
    far.put()

    def fail(**told: Any) -> None:
        if told["params"]["headers"].get("Range", "").startswith("bytes=5000"):
            raise OSError("the line is dead")

    far.on("before-call.GetObject", fail)
    with pytest.raises(StorageError, match="cannot read"), far.parts.open(KEY, little) as url:
        assert read(url, 4 * BLOCK, BLOCK) == CONTENT[4 * BLOCK : 5 * BLOCK]
        with pytest.raises(IncompleteRead):
            read(url, 4 * BLOCK, 2 * BLOCK)


def test_a_full_disk_is_said_in_words(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    far.put()
    monkeypatch.setattr(os, "pwrite", full)
    with (
        pytest.raises(StorageError, match="no room"),
        far.parts.open(KEY, little) as url,
        pytest.raises(IncompleteRead),
    ):
        read(url, 0, 1)


def test_nobody_else_can_ask(far: Far) -> None:
    far.put()
    with far.parts.open(KEY, little) as url:
        host = url.rpartition("/")[0]
        for place, said in ((f"{host}/", None), (f"{url}x", None), (url, "bytes=-5"), (url, "x")):
            with pytest.raises(HTTPError, match="404"):
                ranged(place, said)
        with pytest.raises(HTTPError, match="416"):
            ranged(url, f"bytes={len(CONTENT)}-")
    assert far.ranges == []
    with pytest.raises(OSError, match="refused"):
        ranged(url, None)


def test_a_reader_that_stays_does_not_hold_the_end_up(far: Far) -> None:
    far.put(CONTENT * 200)
    with far.parts.open(KEY, little) as url:
        answer = urlopen(url, timeout=10)
        assert answer.read(3) == CONTENT[:3]
    answer.close()


def test_nobody_waits_for_what_does_not_come(far: Far) -> None:
    """A store that hangs keeps a step no longer than it has time."""
    far.put()
    asked, gone = Event(), Event()

    def hang(**told: Any) -> None:
        asked.set()
        gone.wait(60)

    far.on("before-call.GetObject", hang)
    began_s = time.monotonic()
    with ThreadPoolExecutor(1) as pool, far.parts.open(KEY, little) as url:
        reading = pool.submit(urlopen, url, None, 10)
        assert asked.wait(10)
    assert time.monotonic() - began_s < 5
    with suppress(OSError):
        reading.result()
    gone.set()
