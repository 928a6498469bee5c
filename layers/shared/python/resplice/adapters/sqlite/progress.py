"""Progress in SQLite."""

from __future__ import annotations

from resplice.adapters.sqlite.file import SqliteFile
from resplice.ports.progress import percent_of


class SqliteProgress:
    """Implements ports.progress.Progress. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def plan(self, project_id: str, frames: int) -> None:
        self._file.rows(
            "INSERT INTO progress VALUES (?, ?, 0) ON CONFLICT (project_id) "
            "DO UPDATE SET planned = excluded.planned WHERE planned IS NULL",
            (project_id, frames),
        )

    def add(self, project_id: str, frames: int) -> None:
        self._file.rows(
            "INSERT INTO progress VALUES (?, NULL, ?) ON CONFLICT (project_id) "
            "DO UPDATE SET done = done + excluded.done",
            (project_id, frames),
        )

    def percent(self, project_id: str) -> int:
        rows = self._file.rows(
            "SELECT done, planned FROM progress WHERE project_id = ? AND planned IS NOT NULL",
            (project_id,),
        )
        return percent_of(*rows[0]) if rows else 0
