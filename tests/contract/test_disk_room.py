"""Room on a disk, told by a real one that is filled and emptied."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from resplice.adapters.disk.room import DiskRoom
from resplice.wiring.limits import MachineLimits
from resplice.wiring.local import local
from resplice.wiring.running import limited
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


def test_what_has_begun_may_take_what_is_kept_from_what_is_new(tmp_path: Path) -> None:
    limits = MachineLimits(3_600_000, 1 << 30, 1 << 30, free_bytes=100 * MB)
    with local(tmp_path / "own") as own, small_disk(tmp_path / "data", 120 * MB) as disk:
        ports = limited(own, disk.seen, limits)
        assert (ports.not_ready(), ports.no_room()) == (None, None)
        disk.fill(but_bytes=80 * MB)
        assert ports.not_ready() and ports.no_room() is None
        disk.make_room()
        disk.fill(but_bytes=30 * MB)
        assert "and 64 MB have to be" in str(ports.no_room())
        least = limited(own, disk.seen, replace(limits, free_bytes=20 * MB))
        assert (least.not_ready(), least.no_room()) == (None, None)


def test_a_folder_that_is_not_there_is_short_of_nothing(tmp_path: Path) -> None:
    assert DiskRoom(tmp_path / "none", 1 << 62).shortage() is None
