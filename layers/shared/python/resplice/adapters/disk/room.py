"""Room on the disk of a data folder."""

from __future__ import annotations

import shutil
from pathlib import Path

MB = 1_000_000


class DiskRoom:
    """Says why nothing new may be taken in, while less is free than should be."""

    def __init__(self, folder: Path, least_bytes: int) -> None:
        self._folder, self._least_bytes = folder, least_bytes

    def shortage(self) -> str | None:
        """In words for callers; None when there is room, or it cannot be known."""
        try:
            free_bytes = shutil.disk_usage(self._folder).free
        except OSError:
            return None
        if free_bytes >= self._least_bytes:
            return None
        return (
            f"The disk of this server is full: {free_bytes // MB} MB are free, and "
            f"{self._least_bytes // MB} MB have to be. Make room, or try again later"
        )
