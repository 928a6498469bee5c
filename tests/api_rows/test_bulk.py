"""A movie for each row: taken in one by one, equal ones made once, and told of as one table."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from api_places import Place
from spec_rows import Ask, Row, row

SMALL = {"width": 64, "height": 50, "fps": 10}
MOVIE: dict[str, Any] = {
    **SMALL,
    "scenes": [{"duration": "{{seconds}}", "background-color": "{{colour}}"}],
    "variables": {"seconds": 1, "colour": "#70a1d4"},
}
ID = re.compile(r"[A-Za-z0-9]{16}")
POST, GET = "POST /v2/bulk", "GET /v2/bulk?bulk={bulk}"
NO_LENGTH = "scenes[0].duration: "
KEY = {"Idempotency_Key": "bulk-1"}
COUNTED = {"counts.total": 3, "counts.done": 2, "counts.running": 0, "counts.error": 1}
THREE = {
    "movie": MOVIE,
    "rows": [{"colour": "#2a4c6e"}, {"colour": "#2a4c6e"}, {"seconds": "long"}],
    "name": "{{colour}}-{{row}}".replace("#", ""),
}


def refused(says: str, path: str, message: str, **sends: Any) -> Row:
    has = {"success": False, "errors.0.path": path, "errors.0.message": re.compile(message)}
    whole = {"movie": MOVIE, "rows": [{}], **sends}
    sent = {name: value for name, value in whole.items() if value is not None}
    return row(says, Ask(POST, 400, has, only="success message errors", sends=sent))


ROWS = (
    row(
        "two equal rows are made once, and one that is refused holds up none",
        Ask(
            POST,
            200,
            {
                "success": True,
                "bulk": ID,
                "movies.0": dict,
                "movies.0.row": 1,
                "movies.0.name": "n1-0001",
                "movies.0.project": ID,
                "movies.1.project": ID,
                "movies.2.row": 3,
                "movies.2.error": re.compile(re.escape(NO_LENGTH) + ".*"),
            },
            lacks=("movies.0.error", "movies.2.project", "movies.3"),
            only="success bulk movies",
            sends={**THREE, "name": "n{{n}}-{{row}}", "rows": [
                {**each, "n": n} for n, each in enumerate(THREE["rows"], 1)
            ]},
            keeps={"bulk": "bulk", "first": "movies.0.project", "why": "movies.2.error"},
        ),
        Ask(
            GET,
            200,
            {
                **COUNTED,
                "movies.0.status": "done",
                "movies.0.project": "{first}",
                "movies.0.url": re.compile(r"http.*\.mp4"),
                "movies.0.seconds": (int, float),
                "movies.0.took_seconds": float,
                "movies.0.paid_usd": (int, float),
                "movies.1.status": "done",
                "movies.1.reused": float,
                "movies.1.message": str,
                "movies.2.status": "error",
                "movies.2.message": "{why}",
                "movies.2.project": None,
                "movies.2.url": None,
            },
            only="success bulk counts movies",
            in_time=True,
        ),
        Ask("GET /v2/movies?project={first}", 200, {"movie.status": "done"}),
        Ask(GET, 400, {"message": "No bulk found with ID {bulk}"}, key="neighbour"),
    ),
    row(
        "a template is called by each row",
        Ask(
            "POST /v2/templates",
            sends={"name": "Colours", "movie": MOVIE},
            keeps={"template": "templateId"},
        ),
        Ask(
            POST,
            200,
            {"movies.0.name": "c70a1d4 1", "movies.1.name": "cblue 1.2"},
            sends={
                "template": "{template}",
                "rows": [{"tag": "70a1d4"}, {"colour": "blue", "tag": "blue", "seconds": 1.2}],
                "name": "c{{tag}} {{seconds}}",
            },
            keeps={"bulk": "bulk", "own": "movies.1.project"},
        ),
        Ask(GET, 200, {"counts.done": 2, "movies.1.seconds": 1.2}, in_time=True),
        Ask(
            "POST /v2/movies",
            sends={"template": "{template}", "variables": {"seconds": 1.2, "colour": "blue"}},
            keeps={"alone": "project"},
        ),
        Ask("GET /v2/movies?project={alone}", 200, {"movie.cache.movie.result": "hit"}),
        Ask(POST, 400, {"message": "Template {bulk}0000 not found"},
            sends={"template": "{bulk}0000", "rows": [{}]}),
    ),
    row(
        "one idempotency key is one bulk, and another body is another request",
        Ask(POST, sends=THREE, headers=KEY, keeps={"bulk": "bulk", "own": "movies.0.project"}),
        Ask(POST, 200, {"bulk": "{bulk}", "movies.0.project": "{own}", "movies.2.error": str},
            sends=THREE, headers=KEY),
        Ask(POST, 409, {"message": str}, sends={**THREE, "name": "{{row}}"}, headers=KEY),
        Ask("POST /v2/movies", 409, {"message": str}, sends=MOVIE, headers=KEY),
    ),
    row(
        "a row over the quota is refused for itself, and is taken in by the same request later",
        Ask(
            POST,
            200,
            {
                "movies.0.project": ID,
                "movies.1.error": re.compile("1 movies of yours are being rendered, and no .*"),
            },
            sends={"movie": {**MOVIE, "comment": "c"}, "rows": [{"seconds": 1}, {"seconds": 1.1}]},
            key="crowded",
            headers=KEY,
            keeps={"bulk": "bulk", "own": "movies.0.project"},
        ),
        Ask(GET, 200, {"counts.done": 1, "counts.error": 1}, key="crowded", in_time=True),
        Ask(
            POST,
            200,
            {"bulk": "{bulk}", "movies.0.project": "{own}", "movies.1.project": ID},
            lacks=("movies.1.error",),
            sends={"movie": {**MOVIE, "comment": "c"}, "rows": [{"seconds": 1}, {"seconds": 1.1}]},
            key="crowded",
            headers=KEY,
        ),
        Ask(GET, 200, {"counts.done": 2, "counts.error": 0}, key="crowded", in_time=True),
    ),
    refused("no rows", "rows", "'rows' must be a list of JSON objects.*", rows=[]),
    refused("rows that are none", "rows", "'rows' must be a list.*", rows={"a": 1}),
    refused("a row that is no object", "rows[1]", "row 2 is no JSON object", rows=[{}, "Oslo"]),
    refused("too many rows", "rows", "'rows' may have 500, and has 501.*", rows=[{}] * 501),
    refused("no movie", "movie", "either 'movie', .*", movie=None),
    refused("a movie and a template", "movie", "either 'movie', .*", template="U" * 20),
    refused("a name that is none", "name", "'name' must be a text.*", name=7),
    refused("what it does not have", "variables", "'variables' is none of .*", variables={}),
    refused("equal names", "rows[1]", "rows 1 and 2 would both be x", rows=[{}] * 2, name="x"),
    refused("no such variable", "rows[0]", "row 1: .*did you mean 'colour'.*", name="{{color}}"),
    refused("names of another folder", "rows[0]", "row 1: '../x' cannot name.*", name="../x"),
    refused("a formula", "rows[0]", "row 1: '=1' cannot name.*", name="=1"),
    refused(
        "more than all rows may have",
        "rows",
        "with its 400 rows the movie has .* MiB, and may have 32: post fewer rows at a time",
        movie={**MOVIE, "comment": "c" * 90_000},
        rows=[{}] * 400,
    ),
    row(
        "what is no request",
        Ask(POST, 400, {"message": "No request JSON received"}, sends=b" "),
        Ask(POST, 400, {"message": re.compile(".*it is no object")}, sends=b"[1]"),
        Ask(POST, 400, {"message": re.compile(".*the key 'rows' appears twice")},
            sends=b'{"rows": [], "rows": []}'),
        Ask(POST, 400, {"message": re.compile(".*nested more than 64 deep")},
            sends=b'{"movie":' + b"[" * 99 + b"]" * 99 + b"}"),
        Ask("GET /v2/bulk", 400, {"message": "No bulk found with ID "}),
        Ask("GET /v2/bulk?bulk=AAAAAAAAAAAAAAAA", 400,
            {"message": "No bulk found with ID AAAAAAAAAAAAAAAA"}),
        Ask("GET /v2/bulk?bulk=a&format=xml", 400,
            {"message": "'format' must be csv, or left out"}),
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def neighbours(api: Place) -> None:
    for name in ("neighbour", "crowded"):
        api.let_in(name)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Place) -> None:
    row.hold(api)


def test_the_table_as_csv_has_no_formulas(api: Place) -> None:
    """A key of the document stands in the path of what is wrong with it."""
    lines = {**MOVIE, "scenes": [*MOVIE["scenes"], {"duration": 0.2, "=1+1": "{{a.b}}"}]}
    sent = {"movie": lines, "rows": [{"a": {"b": 1}}, {"a": 2}], "name": "Oslo {{row}}"}
    status, posted = api.json("POST", "/v2/bulk", sent)
    assert status == 200
    answer, raw = api.call("GET", f"/v2/bulk?bulk={posted['bulk']}&format=csv")
    assert (answer.status, answer.getheader("Content-Type")) == (200, "text/csv; charset=utf-8")
    rows = [*csv.DictReader(io.StringIO(raw.decode(), newline=""))]
    assert [*rows[0]] == [
        *("row", "name", "status", "seconds", "took_seconds", "paid_usd", "reused", "message"),
        *("warnings", "project", "url"),
    ]
    assert [(each["row"], each["name"]) for each in rows] == [
        ("1", "Oslo 0001"),
        ("2", "Oslo 0002"),
    ]
    assert not [cell for each in rows for cell in each.values() if cell.startswith(tuple("=+-@"))]
