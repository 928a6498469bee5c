"""A secret of our own in a file: made once, 0600 from its first moment."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from resplice.adapters.disk.tree import make_folder, sync
from resplice.errors import StorageError

SECRET_BYTES = 32


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
    make_folder(path.parent)
    descriptor, fresh = tempfile.mkstemp(prefix=".key-", dir=path.parent)  # It is 0600.
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        Path(fresh).unlink()
    sync(path.parent)
