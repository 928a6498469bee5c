"""Runs on a disk store: who is alive, since when, and the folder for its work in progress.

A run is alive while its file is locked, which ends with its process however that dies.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
import uuid
from contextlib import suppress
from pathlib import Path

from resplice.adapters.disk.tree import DiskTree, make_folder

NEVER_NS = 1 << 62
NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY


class DiskRun:
    """One registered run. started_ns: nanoseconds since the epoch.

    protects: whether what is used while it lives is kept; a server that only looks things up and
    outlives many renders must not hold everything.
    """

    def __init__(self, tree: DiskTree, *, protects: bool = True) -> None:
        self._tree, self.started_ns = tree, time.time_ns()
        run_id = uuid.uuid4().hex
        self._file, self.folder = tree.runs / run_id, tree.tmp / run_id
        with tree.looking():  # A sweeper may not see the file before it is locked.
            self._lock = os.fdopen(os.open(self._file, NEW, 0o600), "wb", buffering=0)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            self._lock.write(str(self.started_ns if protects else NEVER_NS).encode())
        make_folder(self.folder)

    def mark(self, entry_path: Path) -> None:
        """As used now."""
        with suppress(FileNotFoundError):
            os.utime(entry_path, ns=(self.now_ns(), self.now_ns()))

    def now_ns(self) -> int:
        """The time for marks of use: never before this run's start, should the clock step back."""
        return max(time.time_ns(), self.started_ns)

    def end(self) -> None:
        """Once. Removes what is left of its work."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._file.unlink(missing_ok=True)
        fcntl.flock(self._lock, fcntl.LOCK_UN)
        self._lock.close()


def oldest_start_ns(tree: DiskTree) -> int:
    """The start of the oldest live run, or now. What was used since then is needed.

    Call it while removing: a run that registers later looks later, too.
    """
    return min([time.time_ns(), *_live_starts_ns(tree).values()])


def sweep(tree: DiskTree) -> int:
    """Remove the files and the work in progress of dead runs; how many files of work there were."""
    folders = list(tree.tmp.iterdir())
    with tree.removing():
        alive = _live_starts_ns(tree)
        for path in tree.runs.iterdir():
            if path.name not in alive:
                path.unlink(missing_ok=True)
    stale = [folder for folder in folders if folder.name not in alive]
    files = sum(1 for folder in stale for path in folder.rglob("*") if path.is_file())
    for folder in stale:
        shutil.rmtree(folder, ignore_errors=True)
    return files


def alive_in(root: Path) -> int:
    """How many runs are alive in a store. Changes nothing there."""
    return sum(_live_start_ns(path) is not None for path in (root / "runs").glob("*"))


def _live_starts_ns(tree: DiskTree) -> dict[str, int]:
    starts = ((path.name, _live_start_ns(path)) for path in tree.runs.iterdir())
    return {run_id: start_ns for run_id, start_ns in starts if start_ns is not None}


def _live_start_ns(path: Path) -> int | None:
    """None when the run is dead. One that could not write its start counts as the oldest."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        # Shared, so that two who ask at once do not take each other for the run.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.read(descriptor, 32) or 0)
    finally:
        os.close(descriptor)
    return None
