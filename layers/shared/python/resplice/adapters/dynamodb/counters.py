"""Counters in DynamoDB: an item each, added to in one write."""

from __future__ import annotations

from resplice.adapters.dynamodb.table import Change, DynamoTable, expires_at
from resplice.core.time_units import DAY_MS


class DynamoCounters:
    """Implements ports.counters.Counters. Raises StorageError."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def add(self, owner: str, name: str, window_ms: int, amount: int, kept_ms: int) -> int:
        until_s = expires_at(window_ms, 1 + kept_ms // DAY_MS)
        change = Change(put={"expires_at": until_s}, count="total", more=amount)
        _, row = self._table.change(_pk(owner, name), str(window_ms), change)
        return int(row["total"])

    def total(self, owner: str, name: str, window_ms: int) -> int:
        row = self._table.get(_pk(owner, name), str(window_ms))
        return int(row["total"]) if row else 0


def _pk(owner: str, name: str) -> str:
    return f"counter#{owner}#{name}"
