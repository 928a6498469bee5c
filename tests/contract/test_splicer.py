"""What every splicer must do: objects are read in part, and a new one is put together of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cloud
import pytest
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.disk.splicer import DiskSplicer
from resplice.adapters.s3.objects import S3Objects
from resplice.core.mp4 import Run, Span
from resplice.errors import NotFound, StorageError
from resplice.ports.objects import Objects
from resplice.ports.splicer import Opened, Splicer

LONG = bytes(range(256)) * (12 << 12)
"""12 MiB: more than S3 wants to copy."""


@dataclass(frozen=True)
class Place:
    objects: Objects
    splicer: Splicer
    folder: Path

    def put(self, key: str, content: bytes) -> None:
        (self.folder / "source").write_bytes(content)
        self.objects.put(key, self.folder / "source", {})

    def content(self, key: str) -> bytes:
        with self.objects.open(key) as path:
            return path.read_bytes()

    def run(self, key: str, offset: int, size_bytes: int) -> Run:
        (version,) = self.splicer.each([key], lambda opened: opened.version)
        return Run(key, version, offset, size_bytes)


@pytest.fixture(params=["disk", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "disk":
        with closing(DiskObjects(tmp_path / "store", None)) as disk:
            yield Place(disk, DiskSplicer(disk), tmp_path)
    else:
        scratch = ScratchFolder(tmp_path / "scratch")
        s3 = S3Objects(cloud.client("s3"), cloud.new_bucket(), scratch)
        yield Place(s3, s3, tmp_path)
        assert list((tmp_path / "scratch").iterdir()) == []


def test_each_object_is_read_in_part_and_in_order(place: Place) -> None:
    place.put("scenes/a", b"abcdef")
    place.put("scenes/b", b"ghi")

    def read(opened: Opened) -> tuple[str, int, bytes, bytes]:
        stored = opened.stored
        return stored.key, stored.size_bytes, opened.read(1, 2), opened.read(2, 9)

    found = place.splicer.each(["scenes/b", "scenes/a"], read)
    assert found == [("scenes/b", 3, b"hi", b"i"), ("scenes/a", 6, b"bc", b"cdef")]
    assert place.splicer.each([], read) == []


@pytest.mark.parametrize("offset", [6, 7, 1 << 62, 1 << 63, 1 << 64])
def test_after_its_end_nothing_is_read(place: Place, offset: int) -> None:
    place.put("scenes/a", b"abcdef")
    assert place.splicer.each(["scenes/a"], lambda opened: opened.read(offset, 4)) == [b""]


def test_what_is_put_together_is_an_object_like_others(place: Place) -> None:
    place.put("scenes/a", b"abcdef")
    spans: list[Span] = [b"<", place.run("scenes/a", 4, 2), place.run("scenes/a", 0, 3), b">"]
    stored = place.splicer.splice("movies/m.mp4", spans, {"frames": 3})
    assert (stored.key, stored.size_bytes, stored.facts) == ("movies/m.mp4", 7, {"frames": 3})
    assert place.objects.head("movies/m.mp4") == stored
    assert place.content("movies/m.mp4") == b"<efabc>"
    assert place.splicer.splice("movies/m.mp4", spans, {"frames": 3}) == stored
    other = place.splicer.splice("movies/m.mp4", spans[1:], {"frames": 3})
    assert other.digest != stored.digest and place.content("movies/m.mp4") == b"efabc>"


def test_long_runs_and_what_lies_between_them(place: Place) -> None:
    place.put("scenes/a", LONG)
    place.put("scenes/b", b"sound" * 1000)
    long, sound = place.run("scenes/a", 7, len(LONG) - 7), place.run("scenes/b", 5, 4990)
    spans: list[Span] = [b"head", long, sound, long, b"between", sound]
    place.splicer.splice("movies/m.mp4", spans, {})
    heard, seen = (b"sound" * 1000)[5:4995], LONG[7:]
    whole = b"head" + seen + heard + seen + b"between" + heard
    assert place.content("movies/m.mp4") == whole


def test_what_is_not_there_is_not_read(place: Place) -> None:
    place.put("scenes/a", b"abcdef")
    with pytest.raises(NotFound, match="scenes/none"):
        place.splicer.each(["scenes/a", "scenes/none"], lambda opened: opened.read(0, 1))


def test_nothing_is_put_together_of_what_has_changed_or_gone(place: Place) -> None:
    place.put("scenes/a", b"abcdef")
    run = place.run("scenes/a", 0, 3)
    place.put("scenes/a", b"fedcba")
    with pytest.raises(NotFound, match="scenes/a"):
        place.splicer.splice("movies/m.mp4", [b"<", run], {})
    place.objects.delete("scenes/a")
    with pytest.raises(NotFound, match="scenes/a"):
        place.splicer.splice("movies/m.mp4", [b"<", run], {})
    assert place.objects.head("movies/m.mp4") is None


def test_what_is_no_key_is_refused(place: Place) -> None:
    with pytest.raises(ValueError, match="not a key"):
        place.splicer.splice("../m", [b"<"], {})
    with pytest.raises(ValueError, match="not a key"):
        place.splicer.each(["../m"], lambda opened: opened.version)


def test_facts_that_do_not_fit_are_refused(place: Place) -> None:
    facts = {"text": "x" * 3000}
    if isinstance(place.objects, S3Objects):
        with pytest.raises(StorageError, match="2048"):
            place.splicer.splice("movies/m.mp4", [b"<"], facts)
        assert place.objects.head("movies/m.mp4") is None
    else:
        assert place.splicer.splice("movies/m.mp4", [b"<"], facts).facts == facts
