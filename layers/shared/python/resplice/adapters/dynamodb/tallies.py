"""Tallies in DynamoDB: an item for each day, added to in one write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from resplice.adapters.dynamodb.table import DynamoTable, expires_at, in_time

TALLY_DAYS = 400


class DynamoTallies:
    """Implements ports.tallies.Tallies. Raises StorageError."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def add(self, owner: str, day_ms: int, amounts: Mapping[str, int]) -> None:
        if amounts:
            garbage_s = expires_at(day_ms, TALLY_DAYS)
            self._table.add_to(_pk(owner), in_time(day_ms, ""), amounts, garbage_s)

    def total(self, owner: str, since_ms: int) -> Mapping[str, int]:
        values = {"pk": _pk(owner), "since": in_time(since_ms, "")}
        found: Counter[str] = Counter()
        for row in self._table.query("#pk = :pk AND #sk >= :since", values):
            found.update({n: row[n] for n in row.keys() - {"pk", "sk", "expires_at"}})
        return dict(found)


def _pk(owner: str) -> str:
    return f"tally#{owner}"
