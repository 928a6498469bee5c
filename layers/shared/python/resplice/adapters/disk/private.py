"""A data folder is its owner's alone: what an older version, or a careless copy, left open, closes.

What is not ours in it is left as it is, and so is a folder that holds such things. A key that is
open is left too: it may have been read, so its user refuses it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
MARK = "objects"
"""Closed last: while it is open, not all may be closed."""
KEYS = ("connections.key", "webhook.secret")
AUDIT = ("audit.jsonl", *(f"audit.jsonl.{number}" for number in range(1, 8)))
"""The newest file of the audit log, and those before."""
OURS = (
    *("executing", "ffmpeg", "media", "runs", "tmp", MARK),
    *AUDIT,
    *("records.sqlite", "records.sqlite-wal", "records.sqlite-shm"),
)


def tighten(root: Path) -> None:
    """Close what is open to others, once. Raises OSError."""
    mark = root / MARK
    if not (mark.is_dir() and mark.stat().st_mode & OTHERS):
        return
    for path in _below(root):
        close(path)
    if {path.name for path in root.iterdir()} <= {*OURS, *KEYS}:
        close(root)
    close(mark)


def close(path: Path) -> None:
    """To others; unless it is gone, or somebody else's."""
    with suppress(FileNotFoundError, PermissionError):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode & OTHERS and not path.is_symlink():
            path.chmod(mode & ~OTHERS)


def _below(root: Path) -> Iterator[Path]:
    for name in OURS:
        if name != MARK:
            yield root / name
        for place, folders, files in os.walk(root / name):
            yield from (Path(place, each) for each in (*folders, *files))
