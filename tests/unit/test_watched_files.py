"""When something was saved: what is noticed, and that many saves in a row are one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from resplice.cli.watched_files import SETTLE_SECONDS, WatchedFiles


class Desk:
    """A document and a picture, and a clock that a test turns."""

    def __init__(self, folder: Path) -> None:
        self.movie, self.picture, self.folder = folder / "m.json", folder / "p.png", folder / "own"
        for path in (self.movie, self.picture):
            path.write_bytes(b"1")
        self.now_s = 0.0
        self.files = WatchedFiles([self.movie], self.folder, lambda: self.now_s)

    def saved(self, after_s: float = SETTLE_SECONDS * 1.01) -> bool:
        """Whether that is noticed when it is looked for now, and once more after that time."""
        assert not self.files.saved()
        self.now_s += after_s
        return self.files.saved()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_save_is_told_once(desk: Desk) -> None:
    assert not desk.saved()
    desk.movie.write_bytes(b"22")
    assert desk.saved() and not desk.saved()


def test_what_goes_on_being_saved_is_one_save(desk: Desk) -> None:
    for size in range(2, 9):
        desk.movie.write_bytes(b"2" * size)
        assert not desk.saved(SETTLE_SECONDS * 0.9)
        desk.now_s += SETTLE_SECONDS * 0.05
    assert desk.saved(SETTLE_SECONDS * 0.2)


def test_another_file_in_its_place_is_a_save_whatever_its_size_and_time(desk: Desk) -> None:
    stat, other = desk.movie.stat(), desk.movie.with_name("other")
    other.write_bytes(b"2")
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.replace(desk.movie)
    assert desk.saved()


def test_the_same_file_with_another_content_and_its_old_time_is_a_save(desk: Desk) -> None:
    stat = desk.movie.stat()
    desk.movie.write_bytes(b"2")
    os.utime(desk.movie, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert desk.saved()


def test_what_is_gone_and_what_comes_back_is_a_save(desk: Desk) -> None:
    desk.movie.unlink()
    assert desk.saved()
    desk.movie.write_bytes(b"1")
    assert desk.saved()


def test_what_the_document_names_is_watched_while_it_does(desk: Desk) -> None:
    desk.picture.write_bytes(b"22")
    assert not desk.saved()
    missing = desk.picture.with_name("missing.png")
    desk.files.follow([desk.picture, missing])
    assert not desk.saved()
    desk.picture.write_bytes(b"333")
    assert desk.saved()
    missing.write_bytes(b"1")
    assert desk.saved()
    desk.files.follow([])
    desk.picture.write_bytes(b"1")
    missing.unlink()
    assert not desk.saved()


def test_what_was_saved_while_the_document_was_read_is_noticed(desk: Desk) -> None:
    desk.files.follow([desk.picture])
    desk.picture.write_bytes(b"22")
    desk.files.follow([desk.picture])
    assert desk.saved()


def test_components_that_change_come_or_go_are_noticed(desk: Desk) -> None:
    page = desk.folder / "pack/one/page.html"
    page.parent.mkdir(parents=True)
    page.write_text("1")
    assert desk.saved()
    page.write_text("22")
    assert desk.saved()
    page.unlink()
    assert desk.saved()


def test_a_name_that_no_file_can_have_is_not_there(desk: Desk) -> None:
    desk.files.follow([Path("a\0b"), Path("x" * 5000)])
    assert not desk.saved()
