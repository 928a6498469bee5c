"""Bugs that are planted in the product, to see that they are found. Only in a worker's process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from resplice.adapters.disk.reading import DiskReader
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.ports.projects import Ending
from resplice.steps.makers import speak


def plant(name: str) -> None:
    BUGS[name]()


def _damage_is_believed() -> None:
    """What is opened is not compared with its digest."""
    DiskReader._sound = lambda *_: True  # type: ignore[method-assign]


def _paid_again() -> None:
    """What a provider said is not looked for."""
    speak._said_before = lambda *_: None  # type: ignore[assignment]


def _ended_again() -> None:
    """Every end is told to be the first."""
    original = SqliteProjects.end

    def end(self: Any, project_id: str, ending: Ending) -> bool:
        original(self, project_id, ending)
        return True

    SqliteProjects.end = end  # type: ignore[method-assign]


BUGS: dict[str, Callable[[], None]] = {
    "damage is believed": _damage_is_believed,
    "paid again": _paid_again,
    "ended again": _ended_again,
}
