"""Agenda: which open projects somebody is to look at, and when. They come onto it by being added,
and leave it by ending.

Times are milliseconds since the epoch, UTC, of the caller's clock. Whoever dies at any line leaves
each open project due at some time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Agenda(Protocol):
    """What was written may be read a moment later: one that has ended may still seem to be due.
    Every method raises StorageError.
    """

    def due(self, before_ms: int, young_ms: int) -> Sequence[str]:
        """The ids of open projects that were due before then, longest due first; no others are
        read. One is due young_ms after it was created, or when `postpone` has said.
        """
        ...

    def postpone(self, project_id: str, due_ms: int) -> bool:
        """It is due then, and not before. False, and it is not on the agenda, when it is unknown or
        has ended.
        """
        ...

    def forget(self, project_id: str) -> None:
        """Take one off that has ended, if an end that died has left it."""
        ...
