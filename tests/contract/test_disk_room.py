"""Room on a disk, told by a real one that is filled and emptied."""

from __future__ import annotations

from pathlib import Path

from resplice.adapters.disk.room import DiskRoom
from small_disk import MB, small_disk


def test_a_shortage_is_told_until_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data", 20 * MB) as disk:
        room = DiskRoom(disk.seen, 10 * MB)
        assert room.shortage() is None
        disk.fill(but_bytes=3 * MB + MB // 2)
        told = room.shortage()
        assert told and "is full: 3 MB are free, and 10 MB have to be. Make room" in told
        assert DiskRoom(disk.seen, 2 * MB).shortage() is None
        disk.make_room()
        assert room.shortage() is None


def test_a_folder_that_is_not_there_is_short_of_nothing(tmp_path: Path) -> None:
    assert DiskRoom(tmp_path / "none", 1 << 62).shortage() is None
