"""Who shows which files, in SQLite."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from resplice.adapters.sqlite.file import SqliteFile


class SqliteFileUsers:
    """Implements ports.file_users.FileUsers. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def add(self, movie: str, project_id: str, files: Sequence[str]) -> None:
        self._file.rows(
            "INSERT OR REPLACE INTO file_users VALUES (?, ?, ?)",
            (movie, project_id, json.dumps(list(files))),
        )

    def users(self, movie: str) -> Mapping[str, Sequence[str]]:
        rows = self._file.rows("SELECT project_id, files FROM file_users WHERE movie = ?", (movie,))
        return {project_id: tuple(json.loads(files)) for project_id, files in rows}

    def drop(self, movie: str, project_id: str) -> None:
        self._file.rows(
            "DELETE FROM file_users WHERE movie = ? AND project_id = ?", (movie, project_id)
        )
