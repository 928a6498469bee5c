"""Leases in SQLite, and who waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from resplice.adapters.sqlite.file import SqliteFile
from resplice.ports.leases import Lease


class SqliteLeases:
    """Implements ports.leases.Leases. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def claim(self, key: str, holder: str, now_ms: int, lease_ms: int) -> Lease | None:
        rows = self._file.rows(
            "INSERT INTO leases VALUES (:key, :holder, 1, :until_ms) "
            "ON CONFLICT (key) DO UPDATE "
            "SET holder = :holder, fence = fence + 1, until_ms = :until_ms "
            "WHERE holder IS NULL OR until_ms <= :now_ms RETURNING fence",
            {"key": key, "holder": holder, "until_ms": now_ms + lease_ms, "now_ms": now_ms},
        )
        return Lease(key, holder, rows[0][0], now_ms + lease_ms) if rows else None

    def renew(self, lease: Lease, now_ms: int, lease_ms: int) -> Lease | None:
        rows = self._file.rows(
            "UPDATE leases SET until_ms = MAX(until_ms, :renewed_ms) "
            "WHERE key = :key AND holder = :holder AND fence = :fence RETURNING until_ms",
            {**vars(lease), "renewed_ms": now_ms + lease_ms},
        )
        return replace(lease, until_ms=rows[0][0]) if rows else None

    def release(self, lease: Lease) -> bool:
        rows = self._file.rows(
            "UPDATE leases SET holder = NULL "
            "WHERE key = :key AND holder = :holder AND fence = :fence RETURNING key",
            vars(lease),
        )
        return bool(rows)

    def held(self, key: str) -> Lease | None:
        rows = self._file.rows(
            "SELECT key, holder, fence, until_ms FROM leases WHERE key = ? AND holder IS NOT NULL",
            (key,),
        )
        return Lease(*rows[0]) if rows else None

    def wait(self, key: str, project_id: str) -> None:
        self._file.rows("INSERT OR IGNORE INTO waiters VALUES (?, ?)", (key, project_id))

    def waiting(self, key: str) -> Sequence[str]:
        rows = self._file.rows(
            "SELECT project_id FROM waiters WHERE key = ? ORDER BY project_id", (key,)
        )
        return [project_id for (project_id,) in rows]

    def stop_waiting(self, key: str, project_id: str) -> None:
        self._file.rows("DELETE FROM waiters WHERE key = ? AND project_id = ?", (key, project_id))
