"""What a program and all that it has started take: processes, memory, disk. Linux alone tells.

Run by launcher.py; the standard library alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress

ENDED = (b"Z", b"X")


def takes_too_much(leader: int, folder: str, most: Mapping[str, int]) -> bool:
    """Whether the tree of a process is larger than it may be.

    most: {processes, memory_bytes, disk_bytes}; the last counts with a folder alone.
    """
    processes = tree_of(leader)
    if len(processes) > most["processes"]:
        return True
    own_bytes, shared_bytes = 0, 0
    for pid in processes:
        own, shared = memory_of(pid)
        own_bytes, shared_bytes = own_bytes + own, max(shared_bytes, shared)
    if own_bytes + shared_bytes > most["memory_bytes"]:
        return True
    return bool(folder) and disk_of(folder, processes) > most["disk_bytes"]


def tree_of(leader: int) -> list[int]:
    """The processes of its session, which nobody in it may leave, that have not ended."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                state, _, _, session = file.read().rpartition(b")")[2].split()[:4]
                if int(session) == leader and state not in ENDED:
                    found.append(int(name))
    return found


def memory_of(pid: int) -> tuple[int, int]:
    """(bytes of its own, bytes that it may share)."""
    found = {b"RssAnon": 0, b"RssShmem": 0}
    with suppress(OSError), open(f"/proc/{pid}/status", "rb") as file:
        for line in file:
            name, _, value = line.partition(b":")
            if name in found:
                found[name] = int(value.split()[0]) << 10
    return found[b"RssAnon"], found[b"RssShmem"]


def disk_of(folder: str, processes: Sequence[int]) -> int:
    """Bytes in its folder, and in files that have no name any more but are open."""
    taken = dict[tuple[int, int], int]()
    for at, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                about = os.lstat(os.path.join(at, name))
                taken[about.st_dev, about.st_ino] = about.st_blocks * 512
    for pid in processes:
        with suppress(OSError):
            for name in os.listdir(f"/proc/{pid}/fd"):
                with suppress(OSError):
                    about = os.stat(f"/proc/{pid}/fd/{name}")
                    if not about.st_nlink:
                        taken[about.st_dev, about.st_ino] = about.st_blocks * 512
    return sum(taken.values())
