"""Projects in SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from resplice.adapters.project_rows import ROW_NAMES, project_of, row_of
from resplice.adapters.sqlite.file import UNFINISHED, SqliteFile, Statement
from resplice.adapters.sqlite.outbox import entered
from resplice.errors import StorageError
from resplice.ports.projects import Ending, Project

COLUMNS = ", ".join(ROW_NAMES)
PEEKED = ", ".join("''" if name == "document" else name for name in ROW_NAMES)
VALUES = ", ".join(f":{name}" for name in ROW_NAMES)
ENDED = ("status", "message", "ended_at_ms", "movie_key", "result")
"""What an end writes."""


class SqliteProjects:
    """Implements ports.projects.Projects. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def add(self, project: Project) -> None:
        insert = (
            f"INSERT INTO projects ({COLUMNS}) VALUES ({VALUES}) "
            "ON CONFLICT (id) DO NOTHING RETURNING id"
        )
        added = self._file.together((insert, row_of(project)), *_entry_of(project))
        if not added:
            raise StorageError(f"the project id {project.id} is taken")

    def get(self, project_id: str) -> Project | None:
        rows = self._file.rows(f"SELECT {COLUMNS} FROM projects WHERE id = ?", (project_id,))
        return _project(rows[0]) if rows else None

    def peek(self, project_id: str) -> Project | None:
        rows = self._file.rows(f"SELECT {PEEKED} FROM projects WHERE id = ?", (project_id,))
        return _project(rows[0]) if rows else None

    def advance(self, project_id: str, message: str) -> bool:
        moved = self._file.rows(
            "UPDATE projects SET status = 'running', message = :message "
            f"WHERE id = :id AND {UNFINISHED} RETURNING id",
            {"id": project_id, "message": message},
        )
        return bool(moved)

    def end(self, project_id: str, ending: Ending) -> bool:
        """What is kept of the project as it was read never changes after it was added."""
        project = self.peek(project_id)
        if project is None:
            return False
        assigned = ", ".join(f"{name} = :{name}" for name in ENDED)
        update = f"UPDATE projects SET {assigned} WHERE id = :id AND {UNFINISHED} RETURNING id"
        ended = replace(project, **vars(ending))
        return bool(self._file.together((update, row_of(ended)), *_entry_of(ended)))

    def delete(self, project_id: str, deleted_at_ms: int) -> bool:
        deleted = self._file.rows(
            "UPDATE projects SET deleted_at_ms = :at_ms "
            f"WHERE id = :id AND NOT ({UNFINISHED}) AND deleted_at_ms IS NULL RETURNING id",
            {"id": project_id, "at_ms": deleted_at_ms},
        )
        return bool(deleted)

    def list(
        self,
        owner: str,
        since_ms: int,
        until_ms: int,
        limit: int,
        before: tuple[int, str] | None = None,
    ) -> Sequence[Project]:
        rows = self._file.rows(
            f"SELECT {COLUMNS} FROM projects "
            "WHERE owner = ? AND created_at_ms >= ? AND created_at_ms < ? "
            "AND (created_at_ms, id) < (?, ?) ORDER BY created_at_ms DESC, id DESC LIMIT ?",
            (owner, since_ms, until_ms, *(before or (until_ms, "")), limit),
        )
        return [_project(row) for row in rows]

    def unfinished(self) -> Sequence[str]:
        rows = self._file.rows(
            f"SELECT id FROM projects WHERE {UNFINISHED} ORDER BY created_at_ms, id"
        )
        return [project_id for (project_id,) in rows]


def _entry_of(project: Project) -> list[Statement]:
    """What tells its end, if it is one that somebody is to be told of."""
    if not project.exports or project.ended_at_ms is None:
        return []
    return [entered(project.id, project.ended_at_ms)]


def _project(row: tuple[Any, ...]) -> Project:
    return project_of(dict(zip(ROW_NAMES, row, strict=True)))
