"""What only one process may do at a time, by name. The right to it ends with the process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from resplice.adapters.disk.tree import make_folder, storage_errors
from resplice.errors import StorageError


@contextmanager
def alone(folder: Path, name: str) -> Iterator[bool]:
    """Whether nobody else is at it. folder: for the locks of all names.

    Raises StorageError when that cannot be known.
    """
    path = folder / name
    with storage_errors(f"lock {path}"):
        make_folder(folder)
        descriptor = _locked(path)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            path.unlink(missing_ok=True)
            # A process forked meanwhile keeps the descriptor, so closing alone would not unlock.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove the files of locks that nobody holds: of processes that died. What is no file of ours
    stays. Raises StorageError.
    """
    with storage_errors(f"look for locks in {folder}"):
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    for name in names:
        with suppress(StorageError), alone(folder, name):
            pass  # Who holds it removes it.


def _locked(path: Path) -> int | None:
    """A descriptor that holds the lock on the file of that name, or None."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        os.close(descriptor)  # Its holder of before has removed it meanwhile.
