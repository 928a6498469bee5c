"""Scratch: room for work in progress."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol


class Scratch(Protocol):
    """Room for work in progress."""

    def scratch(self) -> AbstractContextManager[Path]:
        """A fresh folder, removed with all that is in it at the end; also after a crash."""
        ...
