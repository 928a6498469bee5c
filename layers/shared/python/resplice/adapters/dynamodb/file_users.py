"""Who shows which files, in DynamoDB."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from resplice.adapters.dynamodb.projects import PROJECT_DAYS
from resplice.adapters.dynamodb.table import DynamoTable, expires_at
from resplice.adapters.system_clock import SystemClock
from resplice.ports.clock import Clock


class DynamoFileUsers:
    """Implements ports.file_users.FileUsers. Raises StorageError."""

    def __init__(self, table: DynamoTable, clock: Clock | None = None) -> None:
        """clock: for when garbage may go, only."""
        self._table, self._clock = table, clock or SystemClock()

    def add(self, movie: str, project_id: str, files: Sequence[str]) -> None:
        until_s = expires_at(self._clock.now_ms(), PROJECT_DAYS)
        place = {"pk": _pk(movie), "sk": project_id}
        self._table.put({**place, "files": json.dumps(list(files)), "expires_at": until_s})

    def users(self, movie: str) -> Mapping[str, Sequence[str]]:
        rows = self._table.query("#pk = :pk", {"pk": _pk(movie)})
        return {row["sk"]: tuple(json.loads(row["files"])) for row in rows}

    def drop(self, movie: str, project_id: str) -> None:
        self._table.delete(_pk(movie), project_id)


def _pk(movie: str) -> str:
    return f"file#{movie}"
