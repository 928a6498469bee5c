"""Records in one DynamoDB table: every change is one conditional write, safe over any callers.

pk             sk                     what
project#<id>   project                a project; `open` only until it ends
project#<id>   document#<by>#<n>      a piece of its document, written before the project
project#<id>   result#<by>#<n>        a piece of a large result, written before the row names it
lease#<key>    lease                  a lease; without a holder when it was released
lease#<key>    waiter#<project>       who waits for the lease
pointer#<key>  pointer                a pointer
key#<digest>   key                    an API key
keys           <created>#<digest>     the same once more, to list them

A request whose answer was lost is sent again by the client of DynamoDB, and then meets its own
traces. So each writer signs with `by`, a word of its own, and knows its work again.
`expires_at` only removes garbage; nothing here reads it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any
from uuid import uuid4

from resplice.adapters.dynamodb.table import (
    Change,
    DynamoTable,
    Item,
    Value,
    adding,
    removing,
)
from resplice.adapters.project_changes import written_changes
from resplice.adapters.system_clock import SystemClock
from resplice.errors import StorageError
from resplice.ports import TERMINAL, ApiKey, Clock, Facts, Lease, Project, ProjectStatus

PIECE_BYTES = 350_000
"""DynamoDB takes items of up to 400 KB, names and all."""
RESULT_IN_ROW_BYTES = 40_000
"""A larger result lies in pieces: each change of the row writes all that is in it anew."""
LAST_MS = 10**15 - 1
"""The latest moment that the sort keys have digits for."""
PROJECT_DAYS, WAITER_DAYS, POINTER_DAYS = 400, 2, 180
LEASE_DAYS = 30
"""After its end. Then the fence begins anew, which harms nobody: holders are compared too, and no
holder of that time is left."""
OPEN = "open"
RESULT_NAMES = ("result", "result_by", "result_pieces")
HOLDS = "#holder = :holder AND #fence = :fence"


class DynamoRecords:
    """Implements ports.Records. Raises StorageError when the table cannot be used."""

    def __init__(self, client: Any, table: str, clock: Clock | None = None) -> None:
        """client: of boto3, for DynamoDB. clock: for when garbage may go, only."""
        self._table, self._clock = DynamoTable(client, table), clock or SystemClock()

    def add_project(self, project: Project) -> None:
        """The pieces carry a word of this call, so that two callers never mix their documents."""
        by, pk = _word(), _project_pk(project.id)
        expires_at = _expires_at(project.created_at_ms, PROJECT_DAYS)
        document = _packed(project.document)
        row = {
            **_project_row(project),
            **self._result(pk, by, json.dumps(dict(project.result)), expires_at),
            "document": by,
            "pieces": self._put_pieces(pk, "document", by, document, expires_at),
        }
        there = self._table.add({**row, "expires_at": expires_at})
        if there is not None and there.get("document") != by:
            raise StorageError(f"the project id {project.id} is taken")

    def _put_pieces(self, pk: str, of: str, by: str, packed: bytes, expires_at: int) -> int:
        """How many they are."""
        pieces = [packed[at : at + PIECE_BYTES] for at in range(0, len(packed), PIECE_BYTES)]
        for n, piece in enumerate(pieces):
            place = {"pk": pk, "sk": _piece_sk(of, by, n)}
            self._table.put({**place, "piece": piece, "expires_at": expires_at})
        return len(pieces)

    def _result(self, pk: str, by: str, result: str, expires_at: int) -> Item:
        """What the row is to say of it; its pieces, if any, are in place."""
        packed = _packed(result)
        if len(packed) <= RESULT_IN_ROW_BYTES:
            return {"result": packed}
        pieces = self._put_pieces(pk, "result", by, packed, expires_at)
        return {"result_by": by, "result_pieces": pieces}

    def project(self, project_id: str) -> Project | None:
        """Items come in the order of sk: the row before the pieces of the result it names."""
        pk = _project_pk(project_id)
        items = {item["sk"]: item for item in self._table.query("#pk = :pk", {"pk": pk})}
        row = items.get("project")
        return _project(row, {(pk, sk): item for sk, item in items.items()}) if row else None

    def advance(self, project_id: str, status: ProjectStatus, **changes: Any) -> bool:
        """changes: message, ended_at_ms, movie_key, result. Raises TypeError for others."""
        written, by, pk = written_changes(changes), _word(), _project_pk(project_id)
        if "result" in written:
            expires_at = _expires_at(self._clock.now_ms(), PROJECT_DAYS)
            result = self._result(pk, by, written["result"], expires_at)
            written |= {**dict.fromkeys(RESULT_NAMES), **result}
        gone = [name for name, value in written.items() if value is None]
        put = {name: value for name, value in written.items() if value is not None}
        change = Change(
            "attribute_exists(#open)",
            put={**put, "status": status, "by": by},
            remove=[*gone, *([OPEN] if status in TERMINAL else [])],
        )
        moved, row = self._table.change(pk, "project", change)
        return moved or row.get("by") == by

    def projects(
        self,
        owner: str,
        since_ms: int,
        until_ms: int,
        limit: int,
        before: tuple[int, str] | None = None,
    ) -> Sequence[Project]:
        low, high = _created(since_ms, ""), _created(until_ms, "")
        if before:
            high = min(high, _created(*before))
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
        rows = self._table.query("#open = :open", {"open": OPEN}, index="open")
        return [_id(row) for row in rows]

    def point(self, key: str, facts: Facts) -> None:
        expires_at = _expires_at(self._clock.now_ms(), POINTER_DAYS)
        place = {"pk": f"pointer#{key}", "sk": "pointer"}
        self._table.put({**place, "facts": json.dumps(dict(facts)), "expires_at": expires_at})

    def pointer(self, key: str) -> Facts | None:
        row = self._table.get(f"pointer#{key}", "pointer")
        facts: Facts | None = json.loads(row["facts"]) if row else None
        return facts

    def claim(self, key: str, holder: str, now_ms: int, lease_ms: int) -> Lease | None:
        by, until_ms = _word(), now_ms + lease_ms
        change = Change(
            "attribute_not_exists(#holder) OR #until_ms <= :now_ms",
            values={"now_ms": now_ms},
            put={**_until(until_ms), "holder": holder, "by": by},
            count="fence",
        )
        taken, row = self._table.change(_lease_pk(key), "lease", change)
        ours = taken or row.get("by") == by
        return Lease(key, holder, row["fence"], until_ms) if ours else None

    def renew(self, lease: Lease, now_ms: int, lease_ms: int) -> Lease | None:
        """A refusal tells what is there: it may be ours, and last longer already."""
        change = Change(
            f"{HOLDS} AND #until_ms < :until_ms",
            values=_ours(lease),
            put=_until(now_ms + lease_ms),
        )
        _, row = self._table.change(_lease_pk(lease.key), "lease", change)
        ours = (row.get("holder"), row.get("fence")) == (lease.holder, lease.fence)
        return replace(lease, until_ms=row["until_ms"]) if ours else None

    def release(self, lease: Lease) -> bool:
        """The row stays: its fence must go on rising."""
        by = _word()
        change = Change(HOLDS, _ours(lease), put={"by": by}, remove=["holder"])
        released, row = self._table.change(_lease_pk(lease.key), "lease", change)
        return released or row.get("by") == by

    def held(self, key: str) -> Lease | None:
        row = self._table.get(_lease_pk(key), "lease")
        if row is None or "holder" not in row:
            return None
        return Lease(key, row["holder"], row["fence"], row["until_ms"])

    def wait(self, key: str, project_id: str) -> None:
        expires_at = _expires_at(self._clock.now_ms(), WAITER_DAYS)
        place = {"pk": _lease_pk(key), "sk": f"waiter#{project_id}"}
        self._table.put({**place, "expires_at": expires_at})

    def waiting(self, key: str) -> Sequence[str]:
        values = {"pk": _lease_pk(key), "waiter": "waiter#"}
        rows = self._table.query("#pk = :pk AND begins_with(#sk, :waiter)", values)
        return [row["sk"].removeprefix("waiter#") for row in rows]

    def stop_waiting(self, key: str, project_id: str) -> None:
        self._table.delete(_lease_pk(key), f"waiter#{project_id}")

    def add_key(self, key: ApiKey) -> None:
        """Raises StorageError when there is one of this digest."""
        values = {name: value for name, value in vars(key).items() if value is not None}
        places = _key_places(key)
        if not self._table.together([adding({"pk": pk, "sk": sk, **values}) for pk, sk in places]):
            raise StorageError(f"the key {key.digest} is there already")

    def key(self, digest: str) -> ApiKey | None:
        row = self._table.get(f"key#{digest}", "key")
        return _api_key(row) if row else None

    def keys(self) -> Sequence[ApiKey]:
        return [_api_key(row) for row in self._table.query("#pk = :pk", {"pk": "keys"})]

    def remove_key(self, digest: str) -> bool:
        key = self.key(digest)
        return key is not None and self._table.together([removing(*at) for at in _key_places(key)])


def _word() -> str:
    return uuid4().hex


def _expires_at(from_ms: int, days: int) -> int:
    """Seconds since the epoch, as DynamoDB's TTL wants them."""
    return from_ms // 1000 + days * 86_400


def _project_pk(project_id: str) -> str:
    return f"project#{project_id}"


def _lease_pk(key: str) -> str:
    return f"lease#{key}"


def _ours(lease: Lease) -> Mapping[str, Value]:
    return {"holder": lease.holder, "fence": lease.fence}


def _until(until_ms: int) -> Mapping[str, Value]:
    return {"until_ms": until_ms, "expires_at": _expires_at(until_ms, LEASE_DAYS)}


def _created(at_ms: int, name: str) -> str:
    """A sort key in the order of (at_ms, name). Moments beyond what it can say are its limits."""
    return f"{min(max(at_ms, 0), LAST_MS):015d}#{name}"


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


def _project_row(project: Project) -> Item:
    values = {
        "pk": _project_pk(project.id),
        "sk": "project",
        "owner": project.owner,
        "created": _created(project.created_at_ms, project.id),
        OPEN: None if project.status in TERMINAL else OPEN,
        "status": project.status,
        "message": project.message,
        "ended_at_ms": project.ended_at_ms,
        "movie_key": project.movie_key,
    }
    return {name: value for name, value in values.items() if value is not None}


def _project(row: Item, pieces: Mapping[tuple[str, str], Item]) -> Project | None:
    """None when some of its pieces have expired: what is left is garbage."""
    if not all(place in pieces for place in _piece_places(row)):
        return None
    document = b"".join(pieces[place]["piece"] for place in _document_places(row))
    result = b"".join(pieces[place]["piece"] for place in _result_places(row))
    return Project(
        id=_id(row),
        owner=row["owner"],
        document=zlib.decompress(document).decode(),
        created_at_ms=int(row["created"].partition("#")[0]),
        status=row["status"],
        message=row["message"],
        ended_at_ms=row.get("ended_at_ms"),
        movie_key=row.get("movie_key"),
        result=json.loads(zlib.decompress(result or row["result"])),
    )


def _key_places(key: ApiKey) -> Sequence[tuple[str, str]]:
    return [(f"key#{key.digest}", "key"), ("keys", _created(key.created_at_ms, key.digest))]


def _api_key(row: Item) -> ApiKey:
    return ApiKey(
        digest=row["digest"],
        name=row["name"],
        role=row["role"],
        created_at_ms=row["created_at_ms"],
        expires_at_ms=row.get("expires_at_ms"),
    )
