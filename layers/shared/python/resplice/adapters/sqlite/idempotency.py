"""Keys of repeated requests in SQLite."""

from __future__ import annotations

from resplice.adapters.sqlite.file import SqliteFile
from resplice.ports.idempotency import Claim


class SqliteIdempotency:
    """Implements ports.idempotency.Idempotency. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def claim(self, owner: str, key: str, claim: Claim, now_ms: int, until_ms: int) -> Claim:
        self._file.rows("DELETE FROM idempotency WHERE until_ms <= ?", (now_ms,))
        # The update changes nothing: it is there for its answer, which is the row that counts.
        rows = self._file.rows(
            "INSERT INTO idempotency VALUES (:owner, :key, :project_id, :digest, :until_ms) "
            "ON CONFLICT (owner, key) DO UPDATE SET until_ms = idempotency.until_ms "
            "RETURNING project_id, digest",
            {"owner": owner, "key": key, "until_ms": until_ms, **vars(claim)},
        )
        return Claim(*rows[0])
