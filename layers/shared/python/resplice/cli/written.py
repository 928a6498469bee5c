"""Files that commands write: whole or not at all, and never where nothing can be written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from resplice.errors import StorageError
from resplice.ports import Ports


def unwritable(path: Path, *, streams: bool = False) -> str | None:
    """Why no file can be written there, as far as can be told before. streams: whether it may be a
    device or a pipe as well.
    """
    if not path.absolute().parent.is_dir():
        return "the folder does not exist"
    try:
        if path.is_dir():
            return "is a folder"
    except OSError as error:
        return error.strerror
    if path.exists() and not path.is_file():
        return None if streams else "is no regular file"
    return None if os.access(real(path).parent, os.W_OK) else "the folder cannot be written to"


def resolved(paths: Iterable[Path | None]) -> set[Path]:
    """What could be a file; a name with a NUL in it could not."""
    return {real(path) for path in paths if path and "\0" not in str(path)}


def real(path: Path) -> Path:
    """Where its links lead; one that leads to itself is what it is."""
    return Path(os.path.realpath(path))  # Path.resolve raises for it in Pythons before 3.13.


def deliver(key: str, out: Path, ports: Ports) -> None:
    """Copy the object out under a temporary name, then give it its own; a link stays one.

    Raises NotFound, StorageError.
    """
    with ports.objects.open(key) as stored, replacing(out) as beside:
        shutil.copyfile(stored, beside)


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A file to write, which takes out's name when that went well. Raises StorageError."""
    target = real(out)
    with files_written(out):
        handle, name = tempfile.mkstemp(prefix=".resplice-", dir=target.parent)
        os.close(handle)
        try:
            yield Path(name)
            Path(name).chmod(0o644)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


@contextmanager
def files_written(path: Path) -> Iterator[None]:
    """A file system that refuses is a StorageError that names the path."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}") from error
