"""Projects in DynamoDB: every change is one conditional write, safe over any callers.

Documents lie in pieces, large results too, each written before the row that names them.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Any

from resplice.adapters.dynamodb.agenda import (
    DUE,
    IS_OPEN,
    OPEN,
    POSTPONED,
    created_ms,
)
from resplice.adapters.dynamodb.outbox import entry_item
from resplice.adapters.dynamodb.table import (
    Change,
    DynamoTable,
    Item,
    Value,
    adding,
    changing,
    expires_at,
    in_time,
    word,
)
from resplice.adapters.project_rows import project_of, row_of
from resplice.adapters.system_clock import SystemClock
from resplice.errors import StorageError
from resplice.frozen import frozen
from resplice.ports.clock import Clock
from resplice.ports.projects import TERMINAL, Ending, Project

PIECE_BYTES = 350_000
"""DynamoDB takes items of up to 400 KB, names and all."""
RESULT_IN_ROW_BYTES = 40_000
"""A larger result lies in pieces: each change of the row writes all that is in it anew."""
PROJECT_DAYS = 400
TELLS = "tells"
"""To how many its end is told; not there when it is told to nobody."""
RESULT_NAMES = {"result", "result_by", "result_pieces"}
PLAIN_NAMES = ("owner", "status", "message", "ended_at_ms", "movie_key", "deleted_at_ms")
"""Of a row: those that are attributes as they are."""


class DynamoProjects:
    """Implements ports.projects.Projects. Raises StorageError."""

    def __init__(self, table: DynamoTable, clock: Clock | None = None) -> None:
        """clock: for when garbage may go, only."""
        self._table, self._clock = table, clock or SystemClock()

    def add(self, project: Project) -> None:
        """The pieces carry a word of this call, so that two callers never mix their documents."""
        by, row = word(), row_of(project)
        writing = _Writing(self._table, _pk(project.id), by, project.created_at_ms)
        item = {
            **_item(row),
            **writing.result(row["result"]),
            "document": by,
            "pieces": writing.pieces("document", _packed(row["document"])),
            "expires_at": writing.until_s,
            **({TELLS: len(project.exports)} if project.exports else {}),
        }
        if not self._is_added(item, by):
            raise StorageError(f"the project id {project.id} is taken")

    def _is_added(self, item: Item, by: str) -> bool:
        """One that has ended is added with the entry that tells of it."""
        if OPEN in item or TELLS not in item:
            there = self._table.add(item)
            return there is None or there.get("document") == by
        entry = adding(entry_item(_id(item), item["ended_at_ms"]))
        if self._table.together([adding(item), entry]):
            return True
        there = self._table.get(item["pk"], "project")
        return bool(there and there.get("document") == by)

    def get(self, project_id: str) -> Project | None:
        """Items come in the order of sk: the row before the pieces of the result it names."""
        pk = _pk(project_id)
        items = {item["sk"]: item for item in self._table.query("#pk = :pk", {"pk": pk})}
        row = items.get("project")
        return _project(row, {(pk, sk): item for sk, item in items.items()}) if row else None

    def peek(self, project_id: str) -> Project | None:
        row = self._table.get(_pk(project_id), "project")
        return self._without_document(row) if row else None

    def advance(self, project_id: str, message: str) -> bool:
        put: dict[str, Value] = {"status": "running", "message": message, "by": word()}
        return self._is_changed(_pk(project_id), Change(IS_OPEN, put=put))

    def end(self, project_id: str, ending: Ending) -> bool:
        """What is read of the project first never changes after it was added."""
        by, pk = word(), _pk(project_id)
        told: dict[str, Value] = {
            "status": ending.status,
            "message": ending.message,
            "ended_at_ms": ending.ended_at_ms,
        }
        row = self._table.get(pk, "project")
        if row is None or OPEN not in row:
            return False
        if ending.movie is None and ending.report is None:
            return self._ended(row, Change(IS_OPEN, put={**told, "by": by}, remove=[OPEN]))
        project = self._without_document(row)
        if project is None:
            return False
        ended = row_of(replace(project, **vars(ending)))
        result = _Writing(self._table, pk, by, self._clock.now_ms()).result(ended["result"])
        put = {**told, **result, "by": by}
        if ended["movie_key"] is not None:
            put["movie_key"] = ended["movie_key"]
        remove = [OPEN, *(RESULT_NAMES - result.keys())]
        return self._ended(row, Change(IS_OPEN, put=put, remove=remove))

    def delete(self, project_id: str, deleted_at_ms: int) -> bool:
        ended = "attribute_exists(#pk) AND attribute_not_exists(#open)"
        put: dict[str, Value] = {"deleted_at_ms": deleted_at_ms, "by": word()}
        change = Change(f"{ended} AND attribute_not_exists(#deleted_at_ms)", put=put)
        return self._is_changed(_pk(project_id), change)

    def _ended(self, row: Item, change: Change) -> bool:
        """It ends once, and is on the agenda no more. What stays there, where who ends it dies,
        goes when it is due.
        """
        ended = self._ended_once(row, change)
        if ended and row[OPEN] == POSTPONED:
            with suppress(StorageError):
                self._table.delete(row["pk"], DUE)
        return ended

    def _ended_once(self, row: Item, change: Change) -> bool:
        """Make the change, with the entry that tells of it where the row says that it is told."""
        if TELLS not in row:
            return self._is_changed(row["pk"], change)
        entry = entry_item(_id(row), int(change.put["ended_at_ms"]))
        if self._table.together([changing(row["pk"], "project", change), adding(entry)]):
            return True
        now = self._table.get(row["pk"], "project")
        return bool(now and now.get("by") == change.put["by"])

    def _is_changed(self, pk: str, change: Change) -> bool:
        moved, row = self._table.change(pk, "project", change)
        return moved or row.get("by") == change.put["by"]

    def _without_document(self, row: Item) -> Project | None:
        found = {place: self._table.get(*place) for place in _result_places(row)}
        pieces = {place: item for place, item in found.items() if item}
        return _project({**row, "pieces": 0}, pieces)

    def list(
        self,
        owner: str,
        since_ms: int,
        until_ms: int,
        limit: int,
        before: tuple[int, str] | None = None,
    ) -> Sequence[Project]:
        low, high = in_time(since_ms, ""), in_time(until_ms, "")
        if before:
            high = min(high, in_time(*before))
        if limit < 1 or high < low:
            return []
        found = self._table.query(
            "#owner = :owner AND #created BETWEEN :low AND :high",
            {"owner": owner, "low": low, "high": high},
            index="by_owner",
            newest_first=True,
            page=limit + 1,
        )
        older = (item["pk"] for item in found if item["created"] != high)
        whole: list[Project] = []
        while len(whole) < limit and (pks := list(islice(older, limit - len(whole)))):
            whole += self._projects(pks)
        return whole

    def _projects(self, pks: Sequence[str]) -> Sequence[Project]:
        rows = {row["pk"]: row for row in self._table.many((pk, "project") for pk in pks)}
        places = [place for row in rows.values() for place in _piece_places(row)]
        pieces = {(item["pk"], item["sk"]): item for item in self._table.many(places)}
        found = [_project(rows[pk], pieces) for pk in pks if pk in rows]
        return [project for project in found if project]

    def unfinished(self) -> Sequence[str]:
        found = [
            (created_ms(row), _id(row))
            for name in (OPEN, POSTPONED)
            for row in self._table.query("#open = :open", {"open": name}, index="open")
        ]
        # One that a sweep postpones meanwhile is found twice.
        return list(dict.fromkeys(project_id for _, project_id in sorted(found)))


@frozen
class _Writing:
    """One call's writing of a project, signed with a word of its own. now_ms: for garbage."""

    table: DynamoTable
    pk: str
    by: str
    now_ms: int

    @property
    def until_s(self) -> int:
        return expires_at(self.now_ms, PROJECT_DAYS)

    def pieces(self, of: str, packed: bytes) -> int:
        """How many they are."""
        cut = [packed[at : at + PIECE_BYTES] for at in range(0, len(packed), PIECE_BYTES)]
        for n, piece in enumerate(cut):
            place = {"pk": self.pk, "sk": _piece_sk(of, self.by, n)}
            self.table.put({**place, "piece": piece, "expires_at": self.until_s})
        return len(cut)

    def result(self, result: str) -> Item:
        """What the row is to say of it; its pieces, if any, are in place."""
        packed = _packed(result)
        if len(packed) <= RESULT_IN_ROW_BYTES:
            return {"result": packed}
        return {"result_by": self.by, "result_pieces": self.pieces("result", packed)}


def _pk(project_id: str) -> str:
    return f"project#{project_id}"


def _id(row: Item) -> str:
    return str(row["pk"]).removeprefix("project#")


def _packed(text: str) -> bytes:
    """A report of a thousand scenes is as large as an item may be, and mostly alike."""
    return zlib.compress(text.encode())


def _piece_sk(of: str, by: str, n: int) -> str:
    return f"{of}#{by}#{n:03d}"


def _document_places(row: Item) -> Sequence[tuple[str, str]]:
    by, pieces = row["document"], row["pieces"]
    return [(row["pk"], _piece_sk("document", by, n)) for n in range(pieces)]


def _result_places(row: Item) -> Sequence[tuple[str, str]]:
    by, pieces = row.get("result_by", ""), row.get("result_pieces", 0)
    return [(row["pk"], _piece_sk("result", by, n)) for n in range(pieces)]


def _piece_places(row: Item) -> Sequence[tuple[str, str]]:
    return [*_document_places(row), *_result_places(row)]


def _item(row: Mapping[str, Any]) -> Item:
    """All of a row but its document and its result."""
    values = {
        "pk": _pk(row["id"]),
        "sk": "project",
        "created": in_time(row["created_at_ms"], row["id"]),
        OPEN: None if row["status"] in TERMINAL else OPEN,
        **{name: row[name] for name in PLAIN_NAMES},
    }
    return {name: value for name, value in values.items() if value is not None}


def _project(item: Item, pieces: Mapping[tuple[str, str], Item]) -> Project | None:
    """None when some of its pieces have expired: what is left is garbage."""
    if not all(place in pieces for place in _piece_places(item)):
        return None
    document = b"".join(pieces[place]["piece"] for place in _document_places(item))
    result = b"".join(pieces[place]["piece"] for place in _result_places(item))
    return project_of(
        {
            **{name: item.get(name) for name in PLAIN_NAMES},
            "id": _id(item),
            "document": zlib.decompress(document).decode() if document else "",
            "created_at_ms": created_ms(item),
            "result": zlib.decompress(result or item["result"]),
        }
    )
