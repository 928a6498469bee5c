"""A secret of our own in a file: made once, 0600 from its first moment."""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from resplice.adapters.disk.tree import make_folder, sync
from resplice.errors import StorageError

SECRET_BYTES = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def kept_secret(path: Path) -> bytes:
    """What the file holds, 64 hex digits; it is made when it is not there.

    Raises StorageError.
    """
    try:
        if not path.exists():
            make_secret(path)
        text = path.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot use {path}: {error}") from None
    if not text:
        raise StorageError(f"{path} is empty: remove it, and another is made")
    return text.encode()


def make_secret(path: Path) -> None:
    """A file of 64 hex digits and nothing else, whole from its first moment; of several who make it
    at once the first one's stays. Raises OSError.
    """
    with suppress(FileExistsError):
        write_secret(path, secrets.token_hex(SECRET_BYTES))


def write_secret(path: Path, text: str) -> None:
    """A new file of that text, whole and 0600 from its first moment. Raises FileExistsError and
    other OSErrors.
    """
    make_folder(path.parent)
    descriptor, fresh = tempfile.mkstemp(prefix=".key-", dir=path.parent)  # It is 0600.
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        os.link(fresh, path)
    finally:
        Path(fresh).unlink()
    sync(path.parent)


def only_ours(path: Path, most_bytes: int) -> bytes:
    """The beginning of a file that nobody else may read. Raises FileNotFoundError, StorageError."""
    try:
        with path.open("rb") as file:
            seen_by_others = os.fstat(file.fileno()).st_mode & OTHERS
            content = file.read(most_bytes)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageError(f"cannot use {path}: {error.strerror}") from None
    if seen_by_others:
        raise StorageError(f"others may read {path}: chmod 600 {path}")
    return content
