"""What others than its owner may read of a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def seen_by_others(folder: Path) -> list[str]:
    paths = [folder, *folder.rglob("*")]
    return [str(path) for path in paths if path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]


@contextmanager
def careless() -> Iterator[None]:
    """Whatever is made without a thought is open to all."""
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)
