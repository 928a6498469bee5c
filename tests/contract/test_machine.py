"""What the machine has for us, as its files say it: here files of machines that we are not on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from resplice.adapters.machine import GIB, MIB, OURS_BYTES, Machine, machine, machine_at

PHYSICAL_BYTES = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
NEWER = "32 31 0:29 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate"
OLDER = (
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
    "36 31 0:33 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct"
)


def root(folder: Path, cgroup: str, mounts: str) -> Path:
    """A root folder whose process is in these groups, which are mounted there."""
    for name, text in (("cgroup", cgroup), ("mountinfo", mounts)):
        said(folder / "proc/self" / name, text)
    return folder


def written(folder: Path, name: str, text: str) -> None:
    """name: below the folder where groups are."""
    said(folder / "sys/fs/cgroup" / name, text)


def said(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n")


def test_without_any_files_it_is_the_machine_itself(tmp_path: Path) -> None:
    assert machine_at(tmp_path) == Machine(PHYSICAL_BYTES, PROCESSORS or 1)


def test_this_one_has_no_more_than_it_has() -> None:
    assert 0 < machine().memory_bytes <= PHYSICAL_BYTES
    assert 1 <= machine().processors <= (PROCESSORS or 1)


def test_a_group_of_version_2_says_it(tmp_path: Path) -> None:
    made = root(tmp_path, "0::/films", NEWER)
    written(made, "films/memory.max", str(300 * MIB))
    written(made, "films/cpu.max", "50000 100000")
    assert machine_at(made) == Machine(300 * MIB, 1)


def test_max_is_no_limit(tmp_path: Path) -> None:
    made = root(tmp_path, "0::/films", NEWER)
    written(made, "films/memory.max", "max")
    written(made, "films/cpu.max", "max 100000")
    assert machine_at(made) == machine_at(tmp_path / "nothing")


def test_a_group_is_held_by_those_above_it(tmp_path: Path) -> None:
    made = root(tmp_path, "0::/all/films/one", NEWER)
    written(made, "all/memory.max", str(200 * MIB))
    written(made, "all/films/memory.max", "max")
    written(made, "all/films/one/memory.max", str(300 * MIB))
    assert machine_at(made).memory_bytes == 200 * MIB


def test_a_container_sees_its_own_group_on_top(tmp_path: Path) -> None:
    """Its path is that of the host, or goes up and out; what is mounted is the group itself."""
    shown = NEWER.replace("0:29 / ", "0:29 /docker/77 ")
    for path in ("/docker/77", "/docker/78", "/../../init"):
        made = root(tmp_path, f"0::{path}", shown)
        written(made, "memory.max", str(150 * MIB))
        assert machine_at(made).memory_bytes == 150 * MIB


def test_groups_of_version_1_say_it(tmp_path: Path) -> None:
    cgroup = "9:name=systemd:/\n4:memory:/films\n2:cpu,cpuacct:/films\n0::/"
    made = root(tmp_path, cgroup, OLDER)
    written(made, "memory/memory.limit_in_bytes", "9223372036854771712")
    written(made, "memory/films/memory.limit_in_bytes", str(250 * MIB))
    written(made, "cpu,cpuacct/films/cpu.cfs_quota_us", "30000")
    written(made, "cpu,cpuacct/films/cpu.cfs_period_us", "100000")
    assert machine_at(made) == Machine(250 * MIB, 1)


def test_no_limit_of_version_1_is_none(tmp_path: Path) -> None:
    made = root(tmp_path, "4:memory:/\n2:cpu,cpuacct:/", OLDER)
    written(made, "memory/memory.limit_in_bytes", "9223372036854771712")
    written(made, "cpu,cpuacct/cpu.cfs_quota_us", "-1")
    written(made, "cpu,cpuacct/cpu.cfs_period_us", "100000")
    assert machine_at(made) == machine_at(tmp_path / "nothing")


@pytest.mark.parametrize("text", ["", "x\ny z", "0::", "::::"])
def test_files_of_another_form_say_nothing(tmp_path: Path, text: str) -> None:
    made = root(tmp_path, text, text)
    assert machine_at(made) == machine_at(tmp_path / "nothing")


def test_a_function_of_lambda_has_what_it_is_told(tmp_path: Path) -> None:
    assert machine_at(tmp_path, "512").memory_bytes == 512 * MIB
    assert machine_at(tmp_path, "").memory_bytes == PHYSICAL_BYTES


@pytest.mark.parametrize("memory_bytes", [512 * MIB, 2 * GIB, 3008 * MIB, 8 * GIB])
def test_one_program_may_take_what_a_small_machine_has_for_all(memory_bytes: int) -> None:
    small = Machine(memory_bytes, 2)
    assert small.share_bytes(2, 8 * GIB) == small.room_bytes() < memory_bytes
    assert memory_bytes - small.room_bytes() <= OURS_BYTES


def test_on_a_large_machine_the_programs_share_it() -> None:
    large = Machine(64 * GIB, 4)
    assert large.share_bytes(4, 8 * GIB) == large.room_bytes() // 4 > 8 * GIB
    assert large.share_bytes(16, 8 * GIB) == 8 * GIB


def test_no_more_renders_at_once_than_have_room() -> None:
    assert [Machine(size, 8).renders_at_once() for size in (GIB // 2, 2 * GIB, 16 * GIB)] == [
        1,
        3,
        8,
    ]
