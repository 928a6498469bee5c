"""The agenda in DynamoDB: the index of what is open, in the order of time.

A project's own row cannot move in it: when it was created is also its place in its owner's list.
So one that is postponed has a row more, which lies where it is due, and its own row then lies under
a name that is not asked for. The new row comes first and goes last: who dies in between leaves a
project that is due twice, or a row of one that has ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from resplice.adapters.dynamodb.table import Change, DynamoTable, Item, expires_at, in_time
from resplice.adapters.system_clock import SystemClock
from resplice.ports.clock import Clock

OPEN, POSTPONED, DUE = "open", "postponed", "due"
"""Names in the index: of projects that nobody has postponed, which is all that earlier versions
know; of those that somebody has; of the rows that say when these are due."""
IS_OPEN = "attribute_exists(#open)"
AGENDA_DAYS = 400


class DynamoAgenda:
    """Implements ports.agenda.Agenda. Raises StorageError."""

    def __init__(self, table: DynamoTable, clock: Clock | None = None) -> None:
        """clock: for when garbage may go, only."""
        self._table, self._clock = table, clock or SystemClock()

    def due(self, before_ms: int, young_ms: int) -> Sequence[str]:
        new = self._before(OPEN, before_ms - young_ms)
        found = [(created_ms(row) + young_ms, _id(row)) for row in new]
        found += [(created_ms(row), _id(row)) for row in self._before(DUE, before_ms)]
        return list(dict.fromkeys(project_id for _, project_id in sorted(found)))

    def postpone(self, project_id: str, due_ms: int) -> bool:
        pk, until_s = _pk(project_id), expires_at(self._clock.now_ms(), AGENDA_DAYS)
        due = {OPEN: DUE, "created": in_time(due_ms, project_id), "expires_at": until_s}
        self._table.put({"pk": pk, "sk": DUE, **due})
        is_open, _ = self._table.change(pk, "project", Change(IS_OPEN, put={OPEN: POSTPONED}))
        if not is_open:
            self.forget(project_id)
        return is_open

    def forget(self, project_id: str) -> None:
        self._table.delete(_pk(project_id), DUE)

    def _before(self, name: str, before_ms: int) -> Iterator[Item]:
        """No id comes before the empty one, so that the bound itself is not among them."""
        return self._table.query(
            "#open = :open AND #created < :before",
            {"open": name, "before": in_time(before_ms, "")},
            index="open",
        )


def created_ms(row: Item) -> int:
    """What the row's place in the order of time says."""
    return int(row["created"].partition("#")[0])


def _pk(project_id: str) -> str:
    return f"project#{project_id}"


def _id(row: Item) -> str:
    return str(row["pk"]).removeprefix("project#")
