"""The cache's index in DynamoDB."""

from __future__ import annotations

import json

from resplice.adapters.dynamodb.table import DynamoTable, expires_at
from resplice.adapters.system_clock import SystemClock
from resplice.ports.clock import Clock
from resplice.ports.objects import StoredFacts

POINTER_DAYS = 180


class DynamoCacheIndex:
    """Implements ports.cache_index.CacheIndex. Raises StorageError."""

    def __init__(self, table: DynamoTable, clock: Clock | None = None) -> None:
        """clock: for when garbage may go, only."""
        self._table, self._clock = table, clock or SystemClock()

    def point(self, key: str, facts: StoredFacts) -> None:
        until_s = expires_at(self._clock.now_ms(), POINTER_DAYS)
        place = {"pk": f"pointer#{key}", "sk": "pointer"}
        self._table.put({**place, "facts": json.dumps(dict(facts)), "expires_at": until_s})

    def forget(self, key: str) -> None:
        self._table.delete(f"pointer#{key}", "pointer")

    def pointer(self, key: str) -> StoredFacts | None:
        row = self._table.get(f"pointer#{key}", "pointer")
        facts: StoredFacts | None = json.loads(row["facts"]) if row else None
        return facts
