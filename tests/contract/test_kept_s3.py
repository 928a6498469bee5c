"""Contents that were here before are not downloaded again, and nothing else changes for it."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.s3.kept import Kept
from resplice.adapters.s3.objects import S3Objects
from resplice.errors import NotFound
from s3_store import Store

KEY, OTHER = (f"elements/content/{letter * 64}" for letter in "ab")
LARGE = b"a source " * 200_000


class Kitchen(Store):
    """A store whose objects keep what they download. downloads: keys, as they were asked for."""

    def __init__(self, folder: Path, most_bytes: int = 1 << 30) -> None:
        super().__init__(folder)
        self.kept = Kept(ScratchFolder(folder / "scratch"), most_bytes)
        self.objects: S3Objects = self.another(kept=self.kept)
        self.downloads: list[str] = []
        self.on("before-call.GetObject", self._told)

    def _told(self, **told: Any) -> None:
        self.downloads.append(told["params"]["url_path"].lstrip("/"))

    def stored(self, key: str = KEY, content: bytes = LARGE) -> bytes:
        """By somebody else."""
        self.another().put(key, self.source(content), {})
        return content


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Kitchen]:
    store = Kitchen(tmp_path)
    yield store
    store.kept.close()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_contents_are_downloaded_once(store: Kitchen) -> None:
    content = store.stored()
    assert [store.content(KEY) for _ in range(3)] == [content] * 3
    assert store.downloads == [KEY]


def test_what_was_stored_here_is_not_downloaded(store: Kitchen) -> None:
    source = store.source(LARGE)
    store.objects.put(KEY, source, {})
    source.unlink()
    assert store.content(KEY) == LARGE and store.downloads == []
    source = store.source(LARGE)
    store.objects.put(OTHER, source, {})
    source.chmod(0o600)
    source.write_bytes(b"changed where it lay")
    assert store.content(OTHER) == LARGE and store.downloads == [OTHER]


def test_who_comes_meanwhile_waits_for_the_one_download(store: Kitchen) -> None:
    content, found = store.stored(), list[bytes]()
    readers = [threading.Thread(target=lambda: found.append(store.content(KEY))) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert found == [content] * 4 and store.downloads == [KEY]


def test_what_is_no_content_or_small_is_downloaded_each_time(store: Kitchen) -> None:
    for key, content in (("movies/a", LARGE), (OTHER, b"small")):
        store.stored(key, content)
        assert [store.content(key) for _ in range(2)] == [content] * 2
    assert store.downloads == ["movies/a"] * 2 + [OTHER] * 2


def test_what_was_deleted_is_a_miss_and_what_came_again_is_found(store: Kitchen) -> None:
    content = store.stored()
    store.content(KEY)
    store.objects.delete(KEY)
    with pytest.raises(NotFound), store.objects.open(KEY):
        pass
    store.stored()
    assert store.content(KEY) == content and store.downloads == [KEY] * 3


@pytest.mark.parametrize("way", ["in the copy", "in the store"])
def test_what_is_not_as_the_store_says_is_downloaded_again(way: str, store: Kitchen) -> None:
    content = store.stored()
    with store.objects.open(KEY) as path:
        if way == "in the copy":
            path.chmod(0o644)
            path.write_bytes(b"?" + content[1:])
        else:
            content = store.stored(content=LARGE[::-1])
    assert store.content(KEY) == content
    assert store.downloads == [KEY] * 2


def test_a_reader_keeps_what_is_dropped(store: Kitchen) -> None:
    content = store.stored()
    with store.objects.open(KEY), store.objects.open(KEY) as path:
        store.kept.drop_all()
        assert path.read_bytes() == content


def test_what_is_larger_than_all_that_may_be_kept_is_not(tmp_path: Path) -> None:
    store = Kitchen(tmp_path, most_bytes=len(LARGE) - 1)
    content = store.stored()
    assert [store.content(KEY) for _ in range(2)] == [content] * 2
    assert store.downloads == [KEY] * 2
    store.kept.close()


def test_what_is_kept_makes_room_for_what_is_needed(
    store: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, other = store.stored(), store.stored(OTHER, LARGE[::-1])
    store.content(KEY)
    real, download = list[str](), store.objects._download

    def full(key: str, path: Path) -> bool:
        real.append(key)
        if len(real) == 1:
            path.write_bytes(b"as far as it went")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return download(key, path)

    monkeypatch.setattr(store.objects, "_download", full)
    assert store.content(OTHER) == other and real == [OTHER] * 2
    assert store.content(KEY) == content and real[2:] == [KEY], "it is kept no longer"


def test_two_that_find_no_room_at_once_both_have_it_made(
    store: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {KEY: store.stored(), OTHER: store.stored(OTHER, LARGE[::-1])}
    tried, download, both = list[str](), store.objects._download, threading.Barrier(2)

    def full(key: str, path: Path) -> bool:
        tried.append(key)
        if tried.count(key) == 1:
            both.wait(10)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return download(key, path)

    monkeypatch.setattr(store.objects, "_download", full)
    with ThreadPoolExecutor(2) as pool:
        assert dict(zip(contents, pool.map(store.content, contents), strict=True)) == contents


def test_the_one_that_was_used_last_stays_longest(tmp_path: Path) -> None:
    keys = [f"elements/content/{letter * 64}" for letter in "abc"]
    store = Kitchen(tmp_path, most_bytes=2 * len(keys[0]) * 20_000)
    for key in keys:
        store.stored(key, key.encode() * 20_000)
    for key in (keys[0], keys[1], keys[0], keys[2]):
        store.content(key)
    store.downloads.clear()
    for key in (keys[0], keys[2], keys[1]):
        store.content(key)
    assert store.downloads == [keys[1]]
    store.kept.close()
