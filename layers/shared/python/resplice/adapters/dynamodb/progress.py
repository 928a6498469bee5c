"""Progress in DynamoDB: one small item, so that who renders a piece writes little to count it."""

from __future__ import annotations

from resplice.adapters.dynamodb.table import Change, DynamoTable, expires_at
from resplice.adapters.system_clock import SystemClock
from resplice.ports.clock import Clock
from resplice.ports.progress import percent_of

PROGRESS_DAYS = 400


class DynamoProgress:
    """Implements ports.progress.Progress. Raises StorageError."""

    def __init__(self, table: DynamoTable, clock: Clock | None = None) -> None:
        """clock: for when garbage may go, only."""
        self._table, self._clock = table, clock or SystemClock()

    def plan(self, project_id: str, frames: int) -> None:
        change = Change("attribute_not_exists(#planned)", put={"planned": frames, **self._until()})
        self._table.change(_pk(project_id), "progress", change)

    def add(self, project_id: str, frames: int) -> None:
        change = Change(put=self._until(), count="done", more=frames)
        self._table.change(_pk(project_id), "progress", change)

    def percent(self, project_id: str) -> int:
        row = self._table.get(_pk(project_id), "progress")
        return percent_of(row.get("done", 0), row["planned"]) if row and "planned" in row else 0

    def _until(self) -> dict[str, int]:
        return {"expires_at": expires_at(self._clock.now_ms(), PROGRESS_DAYS)}


def _pk(project_id: str) -> str:
    return f"progress#{project_id}"
