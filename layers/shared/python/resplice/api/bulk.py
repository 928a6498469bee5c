"""Bulk: a movie for each row of variables, in one request, and the table of what came of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import partial
from io import StringIO
from typing import Any

from aws_lambda_powertools.event_handler import Response

from resplice.api.movie_json import movie_json
from resplice.api.movies import DOCUMENT, REPEATED
from resplice.api.operation import (
    ANY_OBJECT,
    Answer,
    Call,
    Operation,
    Parameter,
    Schema,
    described,
    text,
)
from resplice.api.service import Service
from resplice.core.document.bulk_call import MAX_ROWS
from resplice.core.document.table import harmless
from resplice.core.report import share_reused
from resplice.errors import Conflict, DocumentError, NotFound, Problem, Unavailable
from resplice.ports.bulks import Bulk, BulkRow
from resplice.steps import bulks, projects
from resplice.steps.expiry import looked_after
from resplice.steps.messages import short
from resplice.steps.repeating import HEADER

PATH, CSV = "/v2/bulk", "csv"
GONE = "Its project is not kept any more"
COLUMNS = (
    *("row", "name", "status", "seconds", "took_seconds", "paid_usd", "reused", "message"),
    *("warnings", "project", "url"),
)
MAX_TOLD_CHARS = 400
"""Of a message, and of warnings: with these, all rows fit one answer."""
_MAYBE_NUMBER, _MAYBE_TEXT = {"type": ["number", "null"]}, {"type": ["string", "null"]}
ROW: Schema = {
    "title": "BulkRow",
    "type": "object",
    "properties": {
        "row": {"type": "integer", "description": "From 1, as in the request"},
        "name": text(),
        "status": {"enum": ["pending", "running", "done", "error", "timeout"]},
        "seconds": {**_MAYBE_NUMBER, "description": "Of the movie"},
        "took_seconds": {**_MAYBE_NUMBER, "description": "From when it was taken in to its end"},
        "paid_usd": {**_MAYBE_NUMBER, "description": "To providers, by list prices"},
        "reused": {
            **_MAYBE_NUMBER,
            "description": "Share of the work that the cache saved: 0 to 1",
        },
        "message": text("Progress, or why there is no movie"),
        "warnings": text("All of them, cut where they are long"),
        "project": {**_MAYBE_TEXT, "description": "null: the row was refused"},
        "url": {**_MAYBE_TEXT, "description": "Of the MP4, while there is one"},
    },
    "required": [*COLUMNS],
}
TAKEN: Schema = {
    "type": "object",
    "properties": {
        "row": {"type": "integer"},
        "name": text(),
        "project": text("Where it was taken in"),
        "error": text("Why it was not"),
    },
    "required": ["row", "name"],
}
COUNTS: Schema = {
    "type": "object",
    "properties": {name: {"type": "integer"} for name in ("total", "done", "running", "error")},
    "required": ["total", "done", "running", "error"],
}


def create_bulk(call: Call, service: Service) -> Answer:
    bulk = bulks.submit(
        call.body,
        service.coalescer,
        call.caller.owner,
        on_posted=service.posted,
        ask=call.noting(service.ask),
        read=service.read,
        idempotency_key=call.headers.get(HEADER.lower()),
        bounded=call.caller.bounded,
        at_once=service.limits.rows_at_once,
    )
    return {"bulk": bulk.id, "movies": [_taken(bulk.id, *each) for each in _numbered(bulk)]}


def get_bulk(call: Call, service: Service) -> Answer:
    format = call.query.get("format") or ""
    if format not in ("", CSV):
        raise DocumentError([Problem("format", f"'format' must be {CSV}, or left out")])
    bulk = bulks.found(call.query.get("bulk", ""), call.caller.owner, service.ports)
    told = partial(_told, bulk.id, service=service)
    rows = list(service.ports.lookups.map(lambda each: told(*each), _numbered(bulk)))
    if format == CSV:
        named = {"Content-Disposition": f'attachment; filename="{bulk.id}.csv"'}
        return Response(200, "text/csv; charset=utf-8", _csv(rows), dict(named))
    return {"bulk": bulk.id, "counts": _counts(rows), "movies": rows}


def _numbered(bulk: Bulk) -> Sequence[tuple[int, BulkRow]]:
    return [*enumerate(bulk.rows, 1)]


def _taken(bulk_id: str, number: int, row: BulkRow) -> dict[str, Any]:
    named = {"row": number, "name": row.name}
    if row.error:
        return {**named, "error": row.error}
    return {**named, "project": bulks.project_id_of(bulk_id, number)}


def _told(bulk_id: str, number: int, row: BulkRow, service: Service) -> dict[str, Any]:
    """A row as it now is; one that was refused may have been taken in by the same request since."""
    told = {**dict.fromkeys(COLUMNS), "row": number, "name": row.name, "warnings": ""}
    project = service.ports.projects.peek(bulks.project_id_of(bulk_id, number))
    if project is None:
        return {**told, "status": "error", "message": row.error or GONE}
    (project,) = looked_after([project], service.ports)
    percent = projects.percent(project, service.ports)
    movie = movie_json(project, service.base_url, simple=True, percent=percent)
    return {
        **told,
        **{name: movie[name] for name in ("status", "project", "url")},
        "message": short(movie["message"], MAX_TOLD_CHARS),
        "seconds": movie["duration"],
        "took_seconds": movie["rendering_time"],
        **(_of_report(movie["cache"]) if movie["cache"] else {}),
    }


def _of_report(report: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "paid_usd": report.get("costs", {}).get("spent_usd", 0),
        "reused": round(share_reused(report), 3),
        "warnings": short("; ".join(report.get("warnings", ())), MAX_TOLD_CHARS),
    }


def _counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    ends = {"done": "done", "error": "error", "timeout": "error"}
    found = [ends.get(row["status"], "running") for row in rows]
    return {
        "total": len(rows),
        **{name: found.count(name) for name in ("done", "running", "error")},
    }


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """RFC 4180, of texts that no spreadsheet takes for formulas."""
    table = StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (row[name] for name in COLUMNS)
        writer.writerow(harmless(cell) if isinstance(cell, str) else cell for cell in cells)
    return table.getvalue()


OPERATIONS = (
    Operation(
        *("POST", PATH, create_bulk),
        role="render",
        summary="Render a movie for each row of variables",
        description="Each row is taken in as if its movie was posted to `/v2/movies`, with the"
        " row's variables over the movie's own: equal rows are rendered once, those that are in the"
        " cache are done at once, and quotas count each. A row that is refused holds up no other"
        " one. The same request under the same `Idempotency-Key` takes in what was not taken in."
        " While another bulk of the same owner is taken in, it is 429.",
        parameters=(REPEATED,),
        body={
            "type": "object",
            "properties": {
                "movie": DOCUMENT,
                "template": text("In place of `movie`: the id of a template"),
                "rows": {
                    "type": "array",
                    "items": ANY_OBJECT,
                    "minItems": 1,
                    "maxItems": MAX_ROWS,
                    "description": "Variables, one object for each movie",
                },
                "name": {
                    **text("Pattern of the names, which are all different: `{{city}}-{{row}}`"),
                    "default": "{{row}}",
                },
            },
            "required": ["rows"],
            "additionalProperties": False,
        },
        answer=described("BulkTaken", bulk=text(), movies={"type": "array", "items": TAKEN}),
        errors=(DocumentError, Conflict, NotFound, Unavailable),
        examples={
            "two cities": {
                "movie": {
                    "scenes": [{"elements": [{"type": "text", "text": "{{city}}", "duration": 2}]}]
                },
                "rows": [{"city": "Oslo"}, {"city": "Rome"}],
                "name": "{{city}}",
            }
        },
    ),
    Operation(
        *("GET", PATH, get_bulk),
        role="viewer",
        summary="Look at the movies of all rows",
        description="What became of each row, and how many are `done`, `running`, and ended in an"
        " `error` or were refused.",
        parameters=(
            Parameter("bulk", "As the answer of the POST said", text(), required=True),
            Parameter("format", "`csv`: the rows as a table, text/csv", {"enum": [CSV]}),
        ),
        answer=described(
            "Bulk", bulk=text(), counts=COUNTS, movies={"type": "array", "items": ROW}
        ),
        errors=(DocumentError, NotFound),
    ),
)
