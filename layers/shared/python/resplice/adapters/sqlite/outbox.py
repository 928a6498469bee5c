"""The outbox in SQLite. Entries are made where projects end: see `entered`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from resplice.adapters.sqlite.file import SqliteFile, Statement
from resplice.core.exports.delivery import as_stored, from_stored
from resplice.ports.outbox import Entry

COLUMNS = "project_id, since_ms, due_ms, deliveries, holder"


class SqliteOutbox:
    """Implements ports.outbox.Outbox. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def due(self, now_ms: int, limit: int) -> Sequence[str]:
        rows = self._file.rows(
            "SELECT project_id FROM outbox WHERE due_ms <= ? ORDER BY due_ms, project_id LIMIT ?",
            (now_ms, limit),
        )
        return [project_id for (project_id,) in rows]

    def get(self, project_id: str) -> Entry | None:
        wanted = f"SELECT {COLUMNS} FROM outbox WHERE project_id = ?"
        rows = self._file.rows(wanted, (project_id,))
        return _entry(rows[0]) if rows else None

    def claim(
        self, project_id: str, holder: str, now_ms: int, until_ms: int, *, early: bool = False
    ) -> Entry | None:
        rows = self._file.rows(
            "UPDATE outbox SET holder = :holder, due_ms = :until_ms WHERE project_id = :id "
            f"AND (due_ms <= :now_ms OR (:early AND holder IS NULL)) RETURNING {COLUMNS}",
            {
                "id": project_id,
                "holder": holder,
                "now_ms": now_ms,
                "until_ms": until_ms,
                "early": early,
            },
        )
        return _entry(rows[0]) if rows else None

    def hold(self, entry: Entry, until_ms: int) -> bool:
        return self._changed("due_ms = :due_ms", entry, due_ms=until_ms)

    def keep(self, entry: Entry) -> bool:
        return self._changed("deliveries = :deliveries", entry, deliveries=_told(entry))

    def release(self, entry: Entry, due_ms: int | None) -> bool:
        return self._changed(
            "deliveries = :deliveries, since_ms = :since_ms, due_ms = :due_ms, holder = NULL",
            entry,
            deliveries=_told(entry),
            since_ms=entry.since_ms,
            due_ms=due_ms,
        )

    def _changed(self, assigned: str, entry: Entry, **values: Any) -> bool:
        changed = self._file.rows(
            f"UPDATE outbox SET {assigned} WHERE project_id = :id AND holder = :holder "
            "RETURNING project_id",
            {**values, "id": entry.project_id, "holder": entry.holder},
        )
        return bool(changed)


def entered(project_id: str, ended_at_ms: int) -> Statement:
    """What enters the end of a project, to be run with the statement that ends it."""
    return (
        f"INSERT INTO outbox ({COLUMNS}) VALUES (:id, :at_ms, :at_ms, '[]', NULL)",
        {"id": project_id, "at_ms": ended_at_ms},
    )


def _told(entry: Entry) -> str:
    return json.dumps(as_stored(entry.deliveries))


def _entry(row: tuple[Any, ...]) -> Entry:
    project_id, since_ms, due_ms, deliveries, holder = row
    return Entry(project_id, since_ms, due_ms, from_stored(json.loads(deliveries)), holder)
