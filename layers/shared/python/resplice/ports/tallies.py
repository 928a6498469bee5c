"""Tallies: what the movies of an owner were served from, added up by day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Tallies(Protocol):
    """Sums by name ([a-z_]), over all processes that share them. Raises StorageError.

    A call whose answer was lost may count twice: nobody is billed by it. day_ms: when the day
    begins, milliseconds since the epoch.
    """

    def add(self, owner: str, day_ms: int, amounts: Mapping[str, int]) -> None: ...

    def total(self, owner: str, since_ms: int) -> Mapping[str, int]:
        """Of the days that begin at that moment or later; what was never added is not there."""
        ...
