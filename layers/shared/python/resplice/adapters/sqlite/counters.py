"""Counters in SQLite."""

from __future__ import annotations

from resplice.adapters.sqlite.file import SqliteFile


class SqliteCounters:
    """Implements ports.counters.Counters. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def add(self, owner: str, name: str, window_ms: int, amount: int, kept_ms: int) -> int:
        """The first of a window sweeps those that may be forgotten."""
        rows = self._file.rows(
            "INSERT INTO counters VALUES (?, ?, ?, ?, ?) ON CONFLICT (owner, name, window_ms) "
            "DO UPDATE SET total = total + excluded.total RETURNING total",
            (owner, name, window_ms, amount, window_ms + kept_ms),
        )
        if rows[0][0] == amount:
            self._file.rows("DELETE FROM counters WHERE until_ms < ?", (window_ms,))
        return int(rows[0][0])

    def total(self, owner: str, name: str, window_ms: int) -> int:
        rows = self._file.rows(
            "SELECT total FROM counters WHERE owner = ? AND name = ? AND window_ms = ?",
            (owner, name, window_ms),
        )
        return int(rows[0][0]) if rows else 0
