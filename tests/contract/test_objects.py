"""What every store of objects must do. A new adapter is one more param of `make`."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import cloud
import pytest
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.s3.objects import S3Objects
from resplice.errors import NotFound, StorageError
from resplice.ports.objects import Objects

Put = Callable[..., str]


@pytest.fixture(params=["disk", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Objects]:
    if request.param == "disk":
        with closing(DiskObjects(tmp_path / "store", None)) as disk:
            yield disk
    else:
        scratch = ScratchFolder(tmp_path / "scratch")
        yield S3Objects(cloud.client("s3"), cloud.new_bucket(), scratch)
        assert list((tmp_path / "scratch").iterdir()) == []


@pytest.fixture
def put(objects: Objects, tmp_path: Path) -> Put:
    def put_content(key: str, content: bytes = b"bytes", **facts: object) -> str:
        source = tmp_path / "source"
        source.write_bytes(content)
        return objects.put(key, source, facts).digest

    return put_content


def content_of(objects: Objects, key: str) -> bytes:
    with objects.open(key) as path:
        return path.read_bytes()


def test_what_was_put_is_found_and_opened(objects: Objects, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"a movie")
    facts = {"frames": 25, "fps": 29.97, "nested": {"list": [1, None, True]}, "text": "é\u2028"}
    stored = objects.put("movies/abc", source, facts)
    assert stored.digest == hashlib.sha256(b"a movie").hexdigest()
    assert (stored.key, stored.size_bytes, stored.facts) == ("movies/abc", 7, facts)
    assert objects.head("movies/abc") == stored
    assert content_of(objects, "movies/abc") == b"a movie"
    assert source.read_bytes() == b"a movie"


def test_what_was_not_put_is_a_miss(objects: Objects) -> None:
    assert objects.head("movies/none") is None
    with pytest.raises(NotFound), objects.open("movies/none"):
        pass
    objects.delete("movies/none")


def test_put_replaces(objects: Objects, put: Put) -> None:
    put("movies/a", b"old", take=1)
    put("movies/a", b"newer", take=2)
    found = objects.head("movies/a")
    assert found and (found.size_bytes, found.facts) == (5, {"take": 2})
    assert content_of(objects, "movies/a") == b"newer"


def test_pages_of_a_listing(objects: Objects, put: Put) -> None:
    before_ms = time.time_ns() // 1_000_000 - 2_000
    keys = [f"scenes/sound/{n}" for n in (3, 1, 2)]
    for key in keys:
        put(key, key.encode() * int(key[-1]))
    put("movies/a")
    first = objects.page("scenes/", "", 2)
    assert [each.key for each in first] == ["scenes/sound/1", "scenes/sound/2"]
    assert [each.size_bytes for each in first] == [14, 28]
    assert all(each.used_at_ms >= before_ms for each in first)
    assert [each.key for each in objects.page("scenes/", first[-1].key, 2)] == ["scenes/sound/3"]
    assert list(objects.page("scenes/", "scenes/sound/3", 2)) == []
    with pytest.raises(ValueError):
        objects.page("../", "", 2)


def test_heads_are_in_the_order_of_the_keys(objects: Objects, put: Put) -> None:
    keys = [f"movies/{n}" for n in (7, 3, 9, 1)]
    for key in keys[:3]:
        put(key, key.encode(), of=key)
    assert list(objects.heads(keys)) == [objects.head(key) for key in keys]
    assert objects.heads(keys)[3] is None and list(objects.heads([])) == []
    with pytest.raises(ValueError, match="not a key"):
        objects.heads(["movies/7", "movies"])


def test_a_reader_keeps_what_it_opened(objects: Objects, put: Put) -> None:
    put("movies/a", b"old")
    with objects.open("movies/a") as path:
        put("movies/a", b"new")
        assert path.read_bytes() == b"old"
        objects.delete("movies/a")
        assert path.read_bytes() == b"old"
    assert not path.exists()


def test_an_error_of_the_reader_passes_through(objects: Objects, put: Put) -> None:
    put("movies/a")
    with pytest.raises(OSError, match="its own"), objects.open("movies/a"):
        raise OSError("its own")


def test_keys_do_not_share_what_they_hold(objects: Objects, put: Put) -> None:
    """Neither by the same bytes nor by a common start."""
    put("movies/a", b"same", of="a")
    put("movies/ab", b"same", of="ab")
    put("movies/ab/ab", b"other")
    objects.delete("movies/a")
    assert objects.head("movies/a") is None
    found = objects.head("movies/ab")
    assert found and found.facts == {"of": "ab"}
    assert content_of(objects, "movies/ab") == b"same"
    assert content_of(objects, "movies/ab/ab") == b"other"


def test_list_is_sorted_and_by_prefix(objects: Objects, put: Put) -> None:
    keys = ["elements/fetch/a", "elements/fetch/b1", "elements/paint/a", "movies/b", "movies/ba"]
    for key in reversed(keys):
        put(key, key.encode())
    assert [stored.key for stored in objects.list("")] == keys
    assert [stored.key for stored in objects.list("elements/")] == keys[:3]
    assert [stored.key for stored in objects.list("elements/fetch/b")] == keys[1:2]
    assert [stored.key for stored in objects.list("mov")] == keys[3:]
    assert list(objects.list("scenes/")) == []
    assert [stored.size_bytes for stored in objects.list("movies/b")] == [8, 9]


@pytest.mark.parametrize(
    "key",
    [
        *("", "movies", "/movies/a", "movies/", "movies//a", "movies/..", "../movies/a"),
        *("movies/../a", "movies/.", "movies/..a", "movies/a..b", "Movies/a", "movies/a b"),
        *("movies/a\n", "movies/ä"),
    ],
)
def test_what_is_no_key_is_refused(objects: Objects, tmp_path: Path, key: str) -> None:
    for use in (objects.head, objects.delete, lambda key: objects.put(key, tmp_path, {})):
        with pytest.raises(ValueError, match="not a key"):
            use(key)
    with pytest.raises(ValueError, match="not a key"), objects.open(key):
        pass


def test_nothing_is_put_when_the_source_or_the_facts_are_bad(
    objects: Objects, put: Put, tmp_path: Path
) -> None:
    with pytest.raises(StorageError, match="movies/a"):
        objects.put("movies/a", tmp_path / "missing", {})
    with pytest.raises(TypeError):
        put("movies/a", b"x", path=tmp_path)
    assert objects.head("movies/a") is None


def test_readers_never_see_a_mix(objects: Objects, put: Put) -> None:
    """A writer replaces one entry again and again; facts and bytes always belong together."""
    bodies = {str(n): str(n).encode() * (1000 + n) for n in range(20)}
    put("movies/a", bodies["0"], take="0")
    done, seen = threading.Event(), []

    def read() -> None:
        while not done.is_set():
            found = objects.head("movies/a")
            seen.append(found and found.size_bytes == len(bodies[found.facts["take"]]))
            seen.append(content_of(objects, "movies/a") in bodies.values())

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for take, body in bodies.items():
        put("movies/a", body, take=take)
    done.set()
    for reader in readers:
        reader.join()
    assert seen and all(seen)


# The disk's own: how bytes get damaged there, and what it does with files.


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[DiskObjects]:
    store = DiskObjects(tmp_path / "store", None)
    yield store
    store.close()


def stored_files(tmp_path: Path) -> tuple[Path, Path]:
    """The one entry and the one blob."""
    (entry,) = (tmp_path / "store/objects/entries").rglob("*.json")
    (blob,) = (tmp_path / "store/objects/blobs").glob("*/*")
    return entry, blob


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def flip_bit_quietly(path: Path) -> None:
    """As a disk does it: size and times stay."""
    times, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    overwrite(path, bytes(content))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "blob truncated": lambda entry, blob: overwrite(blob, blob.read_bytes()[:-1]),
    "blob longer": lambda entry, blob: overwrite(blob, blob.read_bytes() + b"x"),
    "blob empty": lambda entry, blob: overwrite(blob, b""),
    "blob bit flipped": lambda entry, blob: flip_bit_quietly(blob),
    "blob gone": lambda entry, blob: blob.unlink(),
    "entry garbage": lambda entry, blob: overwrite(entry, b"\x00\xff{]"),
    "entry empty": lambda entry, blob: overwrite(entry, b""),
    "entry truncated": lambda entry, blob: overwrite(entry, entry.read_bytes()[:-20]),
    "entry other json": lambda entry, blob: overwrite(entry, b"[1]"),
    "entry a number": lambda entry, blob: overwrite(entry, b"5"),
    "entry deep": lambda entry, blob: overwrite(entry, b"[" * 100_000),
    "entry bit flipped": lambda entry, blob: flip_bit_quietly(entry),
    "entry other fact": lambda entry, blob: overwrite(
        entry, entry.read_bytes().replace(b'"frames":25', b'"frames":24')
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_a_miss_and_healed_by_the_next_put(
    damage: str, tmp_path: Path, disk: DiskObjects
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"some movie" * 100)
    writer = DiskObjects(tmp_path / "store", None)
    writer.put("movies/a", source, {"frames": 25})
    writer.close()
    entry, blob = stored_files(tmp_path)
    DAMAGES[damage](entry, blob)
    if damage != "blob bit flipped":
        assert disk.head("movies/a") is None
        assert list(disk.list("")) == []
    with pytest.raises(NotFound), disk.open("movies/a"):
        pass
    assert not entry.exists()
    assert disk.head("movies/a") is None
    disk.put("movies/a", source, {"frames": 25})
    assert content_of(disk, "movies/a") == b"some movie" * 100


def test_a_put_heals_damage_that_nobody_noticed(disk: DiskObjects, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"bytes")
    disk.put("movies/a", source, {})
    flip_bit_quietly(stored_files(tmp_path)[1])
    disk.put("movies/b", source, {})
    assert content_of(disk, "movies/a") == content_of(disk, "movies/b") == b"bytes"


def test_changed_bytes_are_hashed_again(disk: DiskObjects, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"bytes")
    disk.put("movies/a", source, {})
    assert content_of(disk, "movies/a") == b"bytes"
    overwrite(stored_files(tmp_path)[1], b"bytez")
    with pytest.raises(NotFound), disk.open("movies/a"):
        pass


def test_scratch_files_are_moved_and_others_copied(disk: DiskObjects, tmp_path: Path) -> None:
    with disk.scratch() as folder:
        made = folder / "made.mp4"
        made.write_bytes(b"made")
        inode = made.stat().st_ino
        disk.put("movies/made", made, {})
        assert not made.exists()
    assert stored_files(tmp_path)[1].stat().st_ino == inode
    with disk.open("movies/made") as opened:
        disk.put("movies/again", opened, {})
        assert opened.read_bytes() == b"made"
        assert content_of(disk, "movies/again") == b"made"


@pytest.mark.parametrize("way", ["itself", "symlink", "hard link"])
def test_stored_bytes_do_not_follow_the_source(way: str, disk: DiskObjects, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"first")
    with disk.scratch() as folder:
        link = folder / "link"
        if way == "symlink":
            link.symlink_to(source)
        if way == "hard link":
            link.hardlink_to(source)
        disk.put("movies/a", source if way == "itself" else link, {})
    overwrite(source, b"other")
    assert content_of(disk, "movies/a") == b"first"


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="data folder"):
        DiskObjects(tmp_path / "file" / "store", None)


def test_whether_objects_are_there_is_told_for_each(objects: Objects, put: Put) -> None:
    put("movies/a")
    assert list(objects.there(["movies/b", "movies/a"])) == [False, True]
    objects.delete("movies/a")
    assert list(objects.there(["movies/a"])) == [False]
    assert list(objects.there([])) == []
