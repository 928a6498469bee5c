"""Counters: how much was used by an owner in a window of time."""

from __future__ import annotations

from typing import Protocol


class Counters(Protocol):
    """Whole numbers, over all processes that share them. Raises StorageError.

    name: what is counted, [a-z-]. window_ms: when the window begins, of the caller's clock. A
    window may be forgotten `kept_ms` after it began. A call whose answer was lost may count twice.
    """

    def add(self, owner: str, name: str, window_ms: int, amount: int, kept_ms: int) -> int:
        """Count it; what the window has come to with it. Atomic. Less than 0 gives back."""
        ...

    def total(self, owner: str, name: str, window_ms: int) -> int:
        """0 where nothing was counted."""
        ...
