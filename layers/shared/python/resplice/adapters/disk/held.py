"""Folders in a place that many processes share, such as /tmp: each stays as long as its holder
lives, and goes with a sweep after that. Nothing here removes what it did not make.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "resplice-held-"


def held(root: Path, purpose: str = "") -> tuple[Path, int]:
    """A new folder that no sweep removes, and the descriptor that holds it until it is closed.

    purpose: stands in its name, for who looks. Raises OSError.
    """
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{purpose}", dir=root))
        if (descriptor := _locked(folder)) is not None:
            return folder, descriptor


def sweep(root: Path) -> None:
    """Remove what killed processes left there. Raises OSError."""
    for folder in root.glob(f"{PREFIX}*"):
        _remove_unless_held(folder)


def _locked(folder: Path) -> int | None:
    """A descriptor with a lock; None when another process, just sweeping, was faster."""
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


def _remove_unless_held(folder: Path) -> None:
    """Others' folders may be in the same place: they are not ours to look at."""
    with suppress(FileNotFoundError, PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            return
        finally:
            os.close(descriptor)
