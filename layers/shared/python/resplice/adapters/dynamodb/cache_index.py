"""The cache's index in DynamoDB."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from resplice.adapters.dynamodb.table import DynamoTable, expires_at, in_time
from resplice.adapters.system_clock import SystemClock
from resplice.ports.clock import Clock
from resplice.ports.objects import StoredFacts

POINTER_DAYS = 180
READ_AT_ONCE = 10
"""As many as a client of boto3 keeps connections, unless it is told otherwise."""
FORGOTTEN = "forgotten"


class DynamoCacheIndex:
    """Implements ports.cache_index.CacheIndex. Raises StorageError."""

    def __init__(self, table: DynamoTable, clock: Clock | None = None) -> None:
        """clock: for when garbage may go, only."""
        self._table, self._clock = table, clock or SystemClock()

    def point(self, key: str, facts: StoredFacts) -> None:
        until_s = expires_at(self._clock.now_ms(), POINTER_DAYS)
        place = {"pk": f"pointer#{key}", "sk": "pointer"}
        self._table.put({**place, "facts": json.dumps(dict(facts)), "expires_at": until_s})

    def drop(self, key: str) -> None:
        self._table.delete(f"pointer#{key}", "pointer")

    def pointer(self, key: str) -> StoredFacts | None:
        row = self._table.get(f"pointer#{key}", "pointer")
        facts: StoredFacts | None = json.loads(row["facts"]) if row else None
        return facts

    def pointers(self, keys: Sequence[str]) -> Sequence[StoredFacts | None]:
        with ThreadPoolExecutor(READ_AT_ONCE) as pool:
            return tuple(pool.map(self.pointer, keys))

    def forget(self, key: str, at_ms: int) -> None:
        """Noted first: who dies in between has forgotten nothing that is not noted."""
        until_s = expires_at(self._clock.now_ms(), POINTER_DAYS)
        self._table.put({"pk": FORGOTTEN, "sk": in_time(at_ms, key), "expires_at": until_s})
        self._table.delete(f"pointer#{key}", "pointer")

    def forgotten(self, since_ms: int) -> frozenset[str]:
        values = {"pk": FORGOTTEN, "since": in_time(since_ms, "")}
        rows = self._table.query("#pk = :pk AND #sk >= :since", values)
        return frozenset(row["sk"].partition("#")[2] for row in rows)
