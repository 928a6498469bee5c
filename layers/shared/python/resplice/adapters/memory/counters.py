"""Counters of one process, which are gone with it."""

from __future__ import annotations

import threading

MANY = 10_000


class MemoryCounters:
    """Implements ports.counters.Counters. Safe over threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._totals: dict[tuple[str, str, int], tuple[int, int]] = {}

    def add(self, owner: str, name: str, window_ms: int, amount: int, kept_ms: int) -> int:
        place = (owner, name, window_ms)
        with self._lock:
            if len(self._totals) > MANY:
                self._forget(window_ms)
            total = self._totals.get(place, (0, 0))[0] + amount
            self._totals[place] = (total, window_ms + kept_ms)
        return total

    def total(self, owner: str, name: str, window_ms: int) -> int:
        with self._lock:
            return self._totals.get((owner, name, window_ms), (0, 0))[0]

    def _forget(self, now_ms: int) -> None:
        self._totals = {place: value for place, value in self._totals.items() if value[1] >= now_ms}
