"""Room for work in progress below one folder, such as a function's /tmp."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from resplice.errors import StorageError

PREFIX = "resplice-"


class ScratchFolder:
    """Implements ports.scratch.Scratch. Many processes may share one root, also with others."""

    def __init__(self, root: Path) -> None:
        """Removes what killed processes left: a function's /tmp outlives its time limit."""
        self._root = root
        with _storage_errors():
            root.mkdir(parents=True, exist_ok=True)
            for folder in root.glob(f"{PREFIX}*"):
                _remove_unless_used(folder)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        with _storage_errors():
            folder, descriptor = self._held()
        try:
            yield folder
        finally:
            os.close(descriptor)
            shutil.rmtree(folder, ignore_errors=True)

    def _held(self) -> tuple[Path, int]:
        """A folder that nobody removes, and what holds the lock on it."""
        while True:
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._root))
            if (descriptor := _locked(folder)) is not None:
                return folder, descriptor


def _locked(folder: Path) -> int | None:
    """A descriptor with a lock; None when another process, just starting, was faster."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    with suppress(FileNotFoundError):
        if os.path.samestat(os.fstat(descriptor), folder.stat()):
            return descriptor
    os.close(descriptor)
    return None


def _remove_unless_used(folder: Path) -> None:
    """Its user holds a lock on it for as long as they live."""
    with suppress(FileNotFoundError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            return
        finally:
            os.close(descriptor)


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot make a scratch folder: {error}") from error
