"""Movies that were asked for together, in SQLite."""

from __future__ import annotations

from resplice.adapters.bulk_rows import rows_of, text_of
from resplice.adapters.sqlite.file import SqliteFile
from resplice.ports.bulks import Bulk


class SqliteBulks:
    """Implements ports.bulks.Bulks. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def put(self, bulk: Bulk) -> None:
        values = {**vars(bulk), "rows": text_of(bulk.rows)}
        self._file.rows(
            "INSERT OR REPLACE INTO bulks VALUES (:id, :owner, :created_at_ms, :rows)", values
        )

    def get(self, owner: str, bulk_id: str) -> Bulk | None:
        found = self._file.rows(
            "SELECT created_at_ms, rows FROM bulks WHERE id = ? AND owner = ?", (bulk_id, owner)
        )
        return Bulk(bulk_id, owner, found[0][0], rows_of(found[0][1])) if found else None
