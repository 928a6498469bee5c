"""Tallies in SQLite."""

from __future__ import annotations

from collections.abc import Mapping

from resplice.adapters.sqlite.file import SqliteFile


class SqliteTallies:
    """Implements ports.tallies.Tallies. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def add(self, owner: str, day_ms: int, amounts: Mapping[str, int]) -> None:
        if not amounts:
            return
        rows = ", ".join(["(?, ?, ?, ?)"] * len(amounts))
        values = [value for name in amounts for value in (owner, day_ms, name, amounts[name])]
        self._file.rows(
            f"INSERT INTO tallies VALUES {rows} ON CONFLICT (owner, day_ms, name) "
            "DO UPDATE SET total = total + excluded.total",
            tuple(values),
        )

    def total(self, owner: str, since_ms: int) -> Mapping[str, int]:
        rows = self._file.rows(
            "SELECT name, SUM(total) FROM tallies WHERE owner = ? AND day_ms >= ? GROUP BY name",
            (owner, since_ms),
        )
        return dict(rows)
