"""What a program and all that it has started take: processes, memory, disk. Linux alone tells.

Run by launcher.py; the standard library alone.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count

_ASKED_BYTES, _RECEIVE, _SEND, _GO_ON = 80, 0xC0502100, 0xC0182101, 1
LEAST_BYTES = 4096
ENDED = (b"Z", b"X")


def takes_too_much(leader: int, folder: str, most: Mapping[str, int]) -> bool:
    """Whether the tree of a process is larger than it may be.

    most: {processes, memory_bytes, disk_bytes}; the last counts with a folder alone.
    """
    processes = tree_of(leader)
    if len(processes) > most["processes"]:
        return True
    if sum(map(memory_of, processes)) > most["memory_bytes"]:
        return True
    try:
        return bool(folder) and disk_of(folder, processes) > most["disk_bytes"]
    except OSError:
        return True  # What cannot be looked at is hidden.


def tree_of(leader: int) -> list[int]:
    """The processes of its session that have not ended; its filter lets nobody leave it."""
    every = [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    return [pid for pid in every if _session_of(pid) == leader and _runs(pid)]


def _session_of(pid: int) -> int:
    """-1 of one that is gone. Asked of each process of the machine: a file of each takes longer."""
    try:
        return os.getsid(pid)
    except OSError:
        return -1


def _runs(pid: int) -> bool:
    with suppress(OSError), open(f"/proc/{pid}/stat", "rb") as file:
        return file.read().rpartition(b")")[2].split()[0] not in ENDED
    return False


def memory_of(pid: int) -> int:
    """Bytes that are its own; what it shares with another counts for both."""
    found = 0
    with suppress(OSError), open(f"/proc/{pid}/status", "rb") as file:
        for line in file:
            name, _, value = line.partition(b":")
            if name in (b"RssAnon", b"RssShmem"):
                found += int(value.split()[0]) << 10
    return found


def disk_of(folder: str, processes: Sequence[int]) -> int:
    """Bytes in its folder, and in files that have no name any more but are open.

    Raises OSError for a folder that cannot be read.
    """
    taken, left = dict[tuple[int, int], int](), [folder]
    while left:
        with suppress(FileNotFoundError), os.scandir(left.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    left.append(entry.path)
                with suppress(FileNotFoundError):
                    _add(taken, entry.stat(follow_symlinks=False))
    for pid in processes:
        with suppress(OSError):
            for name in os.listdir(f"/proc/{pid}/fd"):
                with suppress(OSError):
                    about = os.stat(f"/proc/{pid}/fd/{name}")
                    if not about.st_nlink:
                        _add(taken, about)
    return sum(taken.values())


def _add(taken: dict[tuple[int, int], int], about: os.stat_result) -> None:
    """A name takes room too."""
    taken[about.st_dev, about.st_ino] = max(about.st_blocks * 512, LEAST_BYTES)


def remove(folder: str) -> None:
    """With all that is in it, however deep it lies and whatever its modes are: what lies deeper is
    brought up first, so that no path grows long. Raises OSError while somebody writes there.
    """
    top, numbers = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW), count()
    try:
        while names := os.listdir(top):
            for name in names:
                if not _unlinked(top, name):
                    _bring_up(top, name, numbers)
    finally:
        os.close(top)
    os.rmdir(folder)


def _unlinked(top: int, name: str) -> bool:
    try:
        os.unlink(name, dir_fd=top)
    except (IsADirectoryError, PermissionError):
        return False
    return True


def _bring_up(top: int, name: str, numbers: Iterator[int]) -> None:
    os.chmod(name, 0o700, dir_fd=top)
    within = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
    try:
        for deeper in os.listdir(within):
            if not _unlinked(within, deeper):
                os.rename(deeper, f".{next(numbers)}-removed", src_dir_fd=within, dst_dir_fd=top)
    finally:
        os.close(within)
    os.rmdir(name, dir_fd=top)


class Counted:
    """Who asks for new processes, and gets no more than it may have side by side.

    Linux, Documentation/userspace-api/seccomp_filter.rst, Userspace Notification. That the call
    goes on as it was asked is safe: what was looked at is a number, which nobody can change.
    """

    def __init__(self, listener: int, leader: int, most: int) -> None:
        self.listener = listener
        self._leader, self._most, self._given = leader, most, 0

    def answer(self) -> None:
        """One that waits, if it still does."""
        asked = bytearray(_ASKED_BYTES)
        with suppress(OSError):
            fcntl.ioctl(self.listener, _RECEIVE, asked)
            (number,) = struct.unpack_from("=Q", asked)
            told = (0, _GO_ON) if self._has_room() else (-errno.EAGAIN, 0)
            fcntl.ioctl(self.listener, _SEND, struct.pack("=QqiI", number, 0, *told))

    def _has_room(self) -> bool:
        """Whoever was given few cannot have too many: then nobody needs to be counted."""
        self._given += 1
        return self._given < self._most or len(tree_of(self._leader)) < self._most
