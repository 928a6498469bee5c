"""API keys in SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from resplice.adapters.sqlite.file import SqliteFile
from resplice.errors import StorageError
from resplice.ports.api_keys import ApiKey

KEY_COLUMNS = ", ".join(field.name for field in fields(ApiKey))


class SqliteApiKeys:
    """Implements ports.api_keys.ApiKeys. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def add(self, key: ApiKey) -> None:
        """Raises StorageError when there is one of this digest."""
        added = self._file.rows(
            f"INSERT INTO api_keys ({KEY_COLUMNS}) "
            "VALUES (:digest, :name, :role, :created_at_ms, :expires_at_ms, :owner) "
            "ON CONFLICT (digest) DO NOTHING RETURNING digest",
            vars(key),
        )
        if not added:
            raise StorageError(f"the key {key.digest} is there already")

    def get(self, digest: str) -> ApiKey | None:
        rows = self._file.rows(f"SELECT {KEY_COLUMNS} FROM api_keys WHERE digest = ?", (digest,))
        return ApiKey(*rows[0]) if rows else None

    def list(self) -> Sequence[ApiKey]:
        ordered = f"SELECT {KEY_COLUMNS} FROM api_keys ORDER BY created_at_ms, digest"
        return [ApiKey(*row) for row in self._file.rows(ordered)]

    def remove(self, digest: str) -> bool:
        return bool(
            self._file.rows("DELETE FROM api_keys WHERE digest = ? RETURNING digest", (digest,))
        )
