"""The name of the FFmpeg that comes with us, asked of it once and kept in a file.

A movie from the cache needs the name and nothing else of FFmpeg, which has 170 MB to start.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PACKAGE = "imageio_ffmpeg"
"""What holds an FFmpeg in one file. Another may change with the libraries that it is linked to."""


def remembered(ask: Callable[[], str], executable: Path, memory: Path) -> str:
    """What ask says of the executable; what it said before, as long as that is the same file.

    memory: a file in a folder that is there.
    """
    if PACKAGE not in executable.parts:
        return ask()
    seen = executable.stat()
    which = f"{executable} {seen.st_ino} {seen.st_size} {seen.st_mtime_ns}"
    with suppress(OSError, ValueError):
        known, name = memory.read_text().splitlines()
        if known == which:
            return name
    name = ask()
    with suppress(OSError):  # It is asked again then.
        _write(memory, f"{which}\n{name}\n")
    return name


def _write(path: Path, text: str) -> None:
    """The whole file at once, whoever else writes it."""
    descriptor, fresh = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    Path(fresh).replace(path)
