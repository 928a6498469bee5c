"""The agenda in SQLite: a column of the projects."""

from __future__ import annotations

from collections.abc import Sequence

from resplice.adapters.sqlite.file import UNFINISHED, SqliteFile


class SqliteAgenda:
    """Implements ports.agenda.Agenda. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def due(self, before_ms: int, young_ms: int) -> Sequence[str]:
        rows = self._file.rows(
            f"SELECT id, created_at_ms + :young_ms AS at_ms FROM projects WHERE {UNFINISHED} "
            "AND due_ms IS NULL AND created_at_ms < :before_ms - :young_ms UNION ALL "
            f"SELECT id, due_ms FROM projects WHERE {UNFINISHED} AND due_ms < :before_ms "
            "ORDER BY at_ms, id",
            {"before_ms": before_ms, "young_ms": young_ms},
        )
        return [project_id for project_id, _ in rows]

    def postpone(self, project_id: str, due_ms: int) -> bool:
        postponed = self._file.rows(
            f"UPDATE projects SET due_ms = :due_ms WHERE id = :id AND {UNFINISHED} RETURNING id",
            {"id": project_id, "due_ms": due_ms},
        )
        return bool(postponed)

    def forget(self, project_id: str) -> None:
        """None that has ended is found."""
