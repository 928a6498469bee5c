"""The cache's index in SQLite."""

from __future__ import annotations

import json
from collections.abc import Sequence

from resplice.adapters.sqlite.file import SqliteFile
from resplice.ports.objects import StoredFacts


class SqliteCacheIndex:
    """Implements ports.cache_index.CacheIndex. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def point(self, key: str, facts: StoredFacts) -> None:
        self._file.rows(
            "INSERT OR REPLACE INTO pointers VALUES (?, ?)", (key, json.dumps(dict(facts)))
        )

    def drop(self, key: str) -> None:
        self._file.rows("DELETE FROM pointers WHERE key = ?", (key,))

    def pointer(self, key: str) -> StoredFacts | None:
        rows = self._file.rows("SELECT facts FROM pointers WHERE key = ?", (key,))
        facts: StoredFacts | None = json.loads(rows[0][0]) if rows else None
        return facts

    def pointers(self, keys: Sequence[str]) -> Sequence[StoredFacts | None]:
        return [self.pointer(key) for key in keys]

    def forget(self, key: str, at_ms: int) -> None:
        """Noted first: who dies in between has forgotten nothing that is not noted."""
        self._file.rows(
            "INSERT INTO forgotten VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)",
            (key, at_ms),
        )
        self._file.rows("DELETE FROM pointers WHERE key = ?", (key,))

    def forgotten(self, since_ms: int) -> frozenset[str]:
        rows = self._file.rows("SELECT key FROM forgotten WHERE at_ms >= ?", (since_ms,))
        return frozenset(key for (key,) in rows)
