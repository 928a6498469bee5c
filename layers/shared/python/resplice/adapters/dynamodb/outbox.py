"""The outbox in DynamoDB. Entries are made where projects end: see `entry_item`.

What is due is found in the index of what is open, under a name of its own, in the order of time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import islice

from resplice.adapters.dynamodb.table import (
    Change,
    DynamoTable,
    Item,
    Value,
    expires_at,
    in_time,
    word,
)
from resplice.core.exports.delivery import as_stored, from_stored
from resplice.ports.outbox import Entry

UNTOLD = "untold"
LAST = "\uffff"
"""After every name, in a sort key."""
ENTRY_DAYS = 400


class DynamoOutbox:
    """Implements ports.outbox.Outbox. Raises StorageError."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def due(self, now_ms: int, limit: int) -> Sequence[str]:
        found = self._table.query(
            "#open = :open AND #created <= :now",
            {"open": UNTOLD, "now": in_time(now_ms, LAST)},
            index="open",
            page=limit,
        )
        return [_id(row) for row in islice(found, limit)]

    def get(self, project_id: str) -> Entry | None:
        row = self._table.get(_pk(project_id), "entry")
        return _entry(row) if row else None

    def claim(
        self, project_id: str, holder: str, now_ms: int, until_ms: int, *, early: bool = False
    ) -> Entry | None:
        free = "(attribute_exists(#pk) AND attribute_not_exists(#holder))"
        change = Change(
            "#due_ms <= :now_ms" + f" OR {free}" * early,
            values={"now_ms": now_ms},
            put={**_due(project_id, until_ms), "holder": holder},
        )
        taken, row = self._table.change(_pk(project_id), "entry", change)
        return _entry(row) if taken or row.get("holder") == holder else None

    def hold(self, entry: Entry, until_ms: int) -> bool:
        return self._changed(entry, _due(entry.project_id, until_ms))

    def keep(self, entry: Entry) -> bool:
        return self._changed(entry, {"deliveries": _told(entry)})

    def release(self, entry: Entry, due_ms: int | None) -> bool:
        told: dict[str, Value] = {"deliveries": _told(entry), "since_ms": entry.since_ms}
        if due_ms is None:
            return self._changed(entry, told, ["holder", "open", "due_ms"])
        return self._changed(entry, {**told, **_due(entry.project_id, due_ms)}, ["holder"])

    def _changed(self, entry: Entry, put: Mapping[str, Value], remove: Sequence[str] = ()) -> bool:
        by = word()
        change = Change("#holder = :mine", {"mine": str(entry.holder)}, {**put, "by": by}, remove)
        changed, row = self._table.change(_pk(entry.project_id), "entry", change)
        return changed or row.get("by") == by


def entry_item(project_id: str, ended_at_ms: int) -> Item:
    """The entry of an end that is to be told."""
    return {
        "pk": _pk(project_id),
        "sk": "entry",
        **_due(project_id, ended_at_ms),
        "since_ms": ended_at_ms,
        "deliveries": "[]",
        "expires_at": expires_at(ended_at_ms, ENTRY_DAYS),
    }


def _due(project_id: str, due_ms: int) -> dict[str, Value]:
    return {"due_ms": due_ms, "open": UNTOLD, "created": in_time(due_ms, project_id)}


def _pk(project_id: str) -> str:
    return f"outbox#{project_id}"


def _id(row: Item) -> str:
    return str(row["pk"]).removeprefix("outbox#")


def _told(entry: Entry) -> str:
    return json.dumps(as_stored(entry.deliveries))


def _entry(row: Item) -> Entry:
    return Entry(
        _id(row),
        row["since_ms"],
        row.get("due_ms"),
        from_stored(json.loads(row["deliveries"])),
        row.get("holder"),
    )
