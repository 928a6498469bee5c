"""Records of media in SQLite: a row each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resplice.adapters.sqlite.file import SqliteFile
from resplice.core.media import MediaFile

FIELDS = "folder, name, created_at_ms, content_type, size_bytes, status"
SAME = "owner = :owner AND path = :path AND created_at_ms = :was_ms"


class SqliteMedia:
    """Implements ports.media.MediaRecords."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def token(self, owner: str) -> str | None:
        found = self._file.rows("SELECT token FROM media_tokens WHERE owner = ?", (owner,))
        return str(found[0][0]) if found else None

    def claim_token(self, owner: str, token: str) -> str:
        self._file.rows("INSERT OR IGNORE INTO media_tokens VALUES (?, ?)", (owner, token))
        return self.token(owner) or token

    def add(self, owner: str, file: MediaFile) -> bool:
        added = self._file.rows(
            f"INSERT OR IGNORE INTO media (owner, path, {FIELDS}) VALUES (:owner, :path, "
            ":folder, :name, :created_at_ms, :content_type, :size_bytes, :status) RETURNING path",
            _row(owner, file),
        )
        return bool(added)

    def get(self, owner: str, path: str) -> MediaFile | None:
        found = f"SELECT {FIELDS} FROM media WHERE owner = ? AND path = ?"
        rows = self._file.rows(found, (owner, path))
        return MediaFile(*rows[0]) if rows else None

    def list(self, owner: str, folder: str) -> Sequence[MediaFile]:
        """A zero is the next sign after a slash."""
        below = (owner, f"{folder}/", f"{folder}0") if folder else (owner, "", "\x7f")
        rows = self._file.rows(
            f"SELECT {FIELDS} FROM media WHERE owner = ? AND path > ? AND path < ? ORDER BY path",
            below,
        )
        return [MediaFile(*row) for row in rows]

    def replace(self, owner: str, was: MediaFile, file: MediaFile) -> bool:
        changed = self._file.rows(
            "UPDATE media SET created_at_ms = :created_at_ms, content_type = :content_type, "
            f"size_bytes = :size_bytes, status = :status WHERE {SAME} RETURNING path",
            {**_row(owner, file), "was_ms": was.created_at_ms},
        )
        return bool(changed)

    def remove(self, owner: str, file: MediaFile) -> bool:
        which = {"owner": owner, "path": file.path, "was_ms": file.created_at_ms}
        return bool(self._file.rows(f"DELETE FROM media WHERE {SAME} RETURNING path", which))


def _row(owner: str, file: MediaFile) -> dict[str, Any]:
    return {"owner": owner, "path": file.path, **vars(file)}
