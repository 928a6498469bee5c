"""The cache's index in SQLite."""

from __future__ import annotations

import json

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

    def forget(self, key: str) -> None:
        self._file.rows("DELETE FROM pointers WHERE key = ?", (key,))

    def pointer(self, key: str) -> StoredFacts | None:
        rows = self._file.rows("SELECT facts FROM pointers WHERE key = ?", (key,))
        facts: StoredFacts | None = json.loads(rows[0][0]) if rows else None
        return facts
