"""API keys in SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from resplice.adapters.bounds_rows import bounds_from, bounds_text
from resplice.adapters.sqlite.file import SqliteFile
from resplice.errors import StorageError
from resplice.ports.api_keys import ApiKey

KEY_NAMES = tuple(field.name for field in fields(ApiKey))
KEY_COLUMNS = ", ".join(KEY_NAMES)
VALUES = ", ".join(f":{name}" for name in KEY_NAMES)


class SqliteApiKeys:
    """Implements ports.api_keys.ApiKeys. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def add(self, key: ApiKey) -> None:
        """Raises StorageError when there is one of this digest."""
        added = self._file.rows(
            f"INSERT INTO api_keys ({KEY_COLUMNS}) "
            f"VALUES ({VALUES}) ON CONFLICT (digest) DO NOTHING RETURNING digest",
            {**vars(key), "bounds": bounds_text(key.bounds)},
        )
        if not added:
            raise StorageError(f"the key {key.digest} is there already")

    def get(self, digest: str) -> ApiKey | None:
        rows = self._file.rows(f"SELECT {KEY_COLUMNS} FROM api_keys WHERE digest = ?", (digest,))
        return _api_key(rows[0]) if rows else None

    def list(self) -> Sequence[ApiKey]:
        ordered = f"SELECT {KEY_COLUMNS} FROM api_keys ORDER BY created_at_ms, digest"
        return [_api_key(row) for row in self._file.rows(ordered)]

    def remove(self, digest: str) -> bool:
        return bool(
            self._file.rows("DELETE FROM api_keys WHERE digest = ? RETURNING digest", (digest,))
        )


def _api_key(row: tuple[Any, ...]) -> ApiKey:
    key = dict(zip(KEY_NAMES, row, strict=True))
    return ApiKey(**{**key, "bounds": bounds_from(key["bounds"])})
