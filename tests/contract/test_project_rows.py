"""Rows written by earlier versions, and those written now: the stored form is one and the same."""

from __future__ import annotations

import json
import sqlite3
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import cloud
import pytest
from resplice.adapters.dynamodb.agenda import DynamoAgenda
from resplice.adapters.dynamodb.projects import DynamoProjects
from resplice.adapters.sqlite.agenda import SqliteAgenda
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.ports.projects import Ending, MovieFile, Project
from row_places import DynamoPlace, Place, SqlitePlace

DOCUMENT = '{"scenes": []}'
OWN = {"id": "mine", "client-data": {"n": [1, None]}, "cache-key": "movies/key"}
OLD = {"id": "mine", "client-data": {"n": [1, None]}, "flight": "movies/key"}
MADE = {"duration": 2.5, "size": 10_000, "width": 640, "height": 360, "report": {"frames": 5}}
MOVIE = MovieFile("movies/object", 2.5, 10_000, 640, 360)
BEGUN = Project("p1", "owner", DOCUMENT, 1_000, "movies/key", "mine", {"n": [1, None]})
END = Ending("done", "", 9_000, MOVIE, {"frames": 5})
DONE = Project(
    *("p2", "owner", DOCUMENT, 1_000, "movies/key", "mine", {"n": [1, None]}),
    *("done", "", 9_000, MOVIE, {"frames": 5}),
)
FAILED = Project("p3", "owner", DOCUMENT, 1_000, status="error", message="no", ended_at_ms=9_000)
OLDEST = replace(DONE, id="p4")
COLUMNS = "id, owner, document, created_at_ms, status, message, ended_at_ms, movie_key, result"
ROWS: list[tuple[Any, ...]] = [
    ("p1", "owner", DOCUMENT, 1_000, "pending", "", None, None, json.dumps(OWN)),
    ("p2", "owner", DOCUMENT, 1_000, "done", "", 9_000, "movies/object", json.dumps(OWN | MADE)),
    ("p3", "owner", DOCUMENT, 1_000, "error", "no", 9_000, None, "{}"),
    ("p4", "owner", DOCUMENT, 1_000, "done", "", 9_000, "movies/object", json.dumps(OLD | MADE)),
]


def write_rows(place: Place) -> None:
    """As earlier versions did."""
    if isinstance(place, SqlitePlace):
        place.open(SqliteProjects, DynamoProjects)
        with sqlite3.connect(place.path) as plain:
            marks = ", ".join("?" * len(ROWS[0]))
            plain.executemany(f"INSERT INTO projects ({COLUMNS}) VALUES ({marks})", ROWS)
        return
    for row in ROWS:
        for item in items_of(dict(zip(COLUMNS.split(", "), row, strict=True))):
            cloud.client("dynamodb").put_item(TableName=place.table, Item=item)


def items_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    pk, expires_at = {"S": f"project#{row['id']}"}, {"N": "34560001"}
    item: dict[str, Any] = {
        "pk": pk,
        "sk": {"S": "project"},
        "owner": {"S": row["owner"]},
        "created": {"S": f"{row['created_at_ms']:015d}#{row['id']}"},
        "status": {"S": row["status"]},
        "message": {"S": row["message"]},
        "document": {"S": "by"},
        "pieces": {"N": "1"},
        "result": {"B": zlib.compress(row["result"].encode())},
        "expires_at": expires_at,
    }
    if row["ended_at_ms"] is None:
        item["open"] = {"S": "open"}
    else:
        item["ended_at_ms"] = {"N": str(row["ended_at_ms"])}
    if row["movie_key"]:
        item["movie_key"] = {"S": row["movie_key"]}
    piece = {"B": zlib.compress(row["document"].encode())}
    place = {"pk": pk, "sk": {"S": "document#by#000"}}
    return [{**place, "piece": piece, "expires_at": expires_at}, item]


def test_rows_of_earlier_versions_are_read(place: Place) -> None:
    write_rows(place)
    projects = place.open(SqliteProjects, DynamoProjects)
    assert [projects.get(name) for name in ("p1", "p2", "p3", "p4")] == [
        *(BEGUN, DONE, FAILED, OLDEST),
    ]
    assert list(projects.list("owner", 0, 9_999, 9)) == [OLDEST, FAILED, DONE, BEGUN]
    assert list(projects.unfinished()) == ["p1"]


def test_an_open_project_of_an_earlier_version_is_due(place: Place) -> None:
    write_rows(place)
    agenda = place.open(SqliteAgenda, DynamoAgenda)
    assert agenda.due(1_060, 60) == [] and agenda.due(1_061, 60) == ["p1"]
    assert agenda.postpone("p1", 5_000)
    assert agenda.due(5_000, 60) == [] and agenda.due(5_001, 60) == ["p1"]


def test_a_project_of_an_earlier_version_ends(place: Place) -> None:
    write_rows(place)
    projects = place.open(SqliteProjects, DynamoProjects)
    assert projects.advance("p1", "Rendering") and not projects.advance("p2", "Rendering")
    assert projects.end("p1", END) and not projects.end("p3", END)
    found = projects.get("p1")
    assert found and vars(found) == {**vars(DONE), "id": "p1"}


@pytest.mark.parametrize("ends", [True, False])
def test_earlier_versions_read_what_is_written_now_in_sqlite(tmp_path: Path, ends: bool) -> None:
    place = SqlitePlace(tmp_path / "records.sqlite")
    projects = place.open(SqliteProjects, DynamoProjects)
    projects.add(BEGUN)
    assert not ends or projects.end("p1", END)
    with sqlite3.connect(place.path) as plain:
        (row,) = plain.execute(f"SELECT {COLUMNS} FROM projects").fetchall()
    wanted = ("p1", *ROWS[ends][1:])
    assert (*row[:-1], json.loads(row[-1])) == (*wanted[:-1], json.loads(wanted[-1]))


@pytest.mark.parametrize("ends", [True, False])
def test_earlier_versions_read_what_is_written_now_in_dynamodb(ends: bool) -> None:
    place = DynamoPlace(cloud.new_table())
    projects = place.open(SqliteProjects, DynamoProjects)
    projects.add(BEGUN)
    assert not ends or projects.end("p1", END)
    row = dict(zip(COLUMNS.split(", "), ("p1", *ROWS[ends][1:]), strict=True))
    (_, wanted) = items_of(row)
    key = {name: wanted[name] for name in ("pk", "sk")}
    item = cloud.client("dynamodb").get_item(TableName=place.table, Key=key)["Item"]
    for name in ("result",):
        assert told(item.pop(name)) == told(wanted.pop(name))
    signed = {"by", "document"}
    assert {name: item[name] for name in item.keys() - signed} == {
        name: wanted[name] for name in wanted.keys() - signed
    }


def told(value: dict[str, bytes]) -> Any:
    return json.loads(zlib.decompress(value["B"]))
