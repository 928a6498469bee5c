"""A file system of a few megabytes, seen by who enters it alone: it is really full.

Needs root, or a system that lets users make namespaces, as tests/bare_root.py does.
"""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MB = 1_000_000


@dataclass(frozen=True)
class SmallDisk:
    """folder: where it is, for who enters it. enter: what a command line begins with for that."""

    folder: Path
    enter: list[str]
    holder: int

    @property
    def seen(self) -> Path:
        """The same folder, for everybody."""
        return Path(f"/proc/{self.holder}/root{self.folder}")

    def fill(self, but_bytes: int) -> None:
        """Leave so much free. Others may write meanwhile."""
        with self._filling.open("ab", buffering=0) as file:
            while not self._has_filled(file.fileno(), but_bytes):
                pass

    def _has_filled(self, descriptor: int, but_bytes: int) -> bool:
        state = os.statvfs(self.seen)
        most_bytes = state.f_bavail * state.f_frsize - but_bytes
        if most_bytes <= 0:
            return True
        try:
            os.posix_fallocate(descriptor, 0, most_bytes)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            return False
        return True

    def make_room(self) -> None:
        self._filling.unlink()

    @property
    def _filling(self) -> Path:
        return self.seen / "filling"


@contextmanager
def small_disk(folder: Path, size_bytes: int) -> Iterator[SmallDisk]:
    folder.mkdir()
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    mount = f"mount -t tmpfs -o size={size_bytes} tmpfs {folder} && echo mounted && exec cat"
    with subprocess.Popen(
        ["unshare", *own, "--mount", "--", "sh", "-c", mount],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        try:
            assert holder.stdout and holder.stdout.readline() == b"mounted\n"
            spaces = ["--mount", *(["--user", "--preserve-credentials"] if own else [])]
            enter = ["nsenter", "--target", str(holder.pid), *spaces, "--"]
            yield SmallDisk(folder, enter, holder.pid)
        finally:
            holder.kill()
