"""What this machine has for us, and what a program beside us may take of it. It starts nothing.

A container shows the memory and processors of its host; what is for it, its cgroups say, of version
2 or 1, each with those above it. A function of AWS Lambda is told its memory.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePosixPath

from resplice.frozen import frozen

MIB, GIB = 1 << 20, 1 << 30
OURS_BYTES = 256 * MIB
"""For this program, and for what the system needs beside it; a quarter where that is less."""
RENDER_BYTES = 512 * MIB
"""What a render usually holds: no more of them go on at once than have room."""
LAMBDA_MIB = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"
ROOT = Path("/")


@frozen
class Machine:
    """memory_bytes, processors: that we may use."""

    memory_bytes: int
    processors: int

    def room_bytes(self) -> int:
        """For all programs beside us."""
        return self.memory_bytes - min(OURS_BYTES, self.memory_bytes // 4)

    def share_bytes(self, at_once: int, usual_bytes: int) -> int:
        """The most that one of the programs may hold of which so many run at once.

        usual_bytes: that one may take alone, wherever there is room for it. Few need much, seldom
        side by side: an equal share of a small machine would refuse what it can do.
        """
        room_bytes = self.room_bytes()
        return max(room_bytes // at_once, min(room_bytes, usual_bytes))

    def renders_at_once(self) -> int:
        return max(1, min(self.processors, self.room_bytes() // RENDER_BYTES))


@cache
def machine() -> Machine:
    """This one, as it was when it was first asked for."""
    return machine_at(ROOT, os.environ.get(LAMBDA_MIB, ""))


def machine_at(root: Path, lambda_mib: str = "") -> Machine:
    """root: where the system's files are seen. lambda_mib: what a Lambda is told; else nothing."""
    memory_bytes = [
        os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        *_said(root, "memory", _memory_of),
        *([int(lambda_mib) * MIB] if lambda_mib.isdecimal() else []),
    ]
    processors = [
        allowed_processors(),
        *(math.ceil(most) for most in _said(root, "cpu", _processors_of)),
    ]
    return Machine(int(min(memory_bytes)), max(1, int(min(processors))))


def allowed_processors() -> int:
    """Processors that this process may run on, where the system tells."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _said(root: Path, controller: str, read: Callable[[Path], float]) -> Iterator[float]:
    """What every group of ours says of it, and those above them; nothing where there are none."""
    for folder, top in _groups(root, controller):
        while True:
            with suppress(OSError, ValueError, ZeroDivisionError):
                yield read(folder)
            if folder == top:
                break
            folder = folder.parent


def _memory_of(group: Path) -> float:
    """Raises OSError, ValueError where it says nothing, or no number: `max`."""
    newer = group / "memory.max"
    return float(int((newer if newer.exists() else group / "memory.limit_in_bytes").read_text()))


def _processors_of(group: Path) -> float:
    """Raises as `_memory_of`, and ZeroDivisionError; the older files say -1 for no limit."""
    if (newer := group / "cpu.max").exists():
        quota, period = newer.read_text().split()
    else:
        names = ("cpu.cfs_quota_us", "cpu.cfs_period_us")
        quota, period = ((group / name).read_text() for name in names)
    if int(quota) <= 0:
        raise ValueError
    return int(quota) / int(period)


def _groups(root: Path, controller: str) -> Iterator[tuple[Path, Path]]:
    """(our group's folder, the topmost one that is seen here), of each version that there is."""
    paths = _paths(_text(root / "proc/self/cgroup"))
    for line in _text(root / "proc/self/mountinfo").splitlines():
        before, _, after = line.partition(" - ")
        kind, *_, options = after.split(" ") if after else ("", "")
        if kind == "cgroup2":
            path = paths.get("")
        elif kind == "cgroup" and controller in options.split(","):
            path = paths.get(controller)
        else:
            continue
        shown, at = map(PurePosixPath, before.split(" ")[3:5])
        top = root / at.relative_to("/")
        yield top / _below(path, shown), top


def _below(path: PurePosixPath | None, shown: PurePosixPath) -> PurePosixPath:
    """Where a group lies in what is shown of them all; that itself, where it is not in there."""
    if path and path.is_relative_to(shown) and ".." not in path.parts:
        return path.relative_to(shown)
    return PurePosixPath()


def _paths(said: str) -> dict[str, PurePosixPath]:
    """Of /proc/self/cgroup: the group by controller; by no name that of version 2."""
    lines = [line.split(":", 2) for line in said.splitlines()]
    return {
        name: PurePosixPath(line[2])
        for line in lines
        if len(line) == 3
        for name in line[1].split(",")
    }


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
