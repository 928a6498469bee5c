"""Projects in DynamoDB, beyond the contract: lost answers, throttling, writers that died."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cloud
import pytest
from lossy_cloud import Answer, client_with, losing_the_first_answer
from resplice.adapters.dynamodb import table as dynamodb_table
from resplice.adapters.dynamodb.projects import DynamoProjects
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.core.exports.targets import Target
from resplice.errors import StorageError
from resplice.ports.projects import Ending, MovieFile, Project

Send = Callable[[bytes], Answer]
PROJECT = Project("p1", "owner", '{"scenes": []}', 1_000)
DAY_SECONDS = 86_400
MOVIE = MovieFile("movies/a", 2.5, 10_000, 640, 360)
MINE = Ending("done", "mine", 2_000)


def ending(report: dict[str, str]) -> Ending:
    return Ending("done", "", 2_000, MOVIE, report)


def ended(project: Project, by: Ending) -> Project:
    return replace(project, **vars(by))


class Noon:
    """A clock that stands still."""

    def now_ms(self) -> int:
        return 5_000_000


@pytest.fixture
def table() -> str:
    return cloud.new_table()


@pytest.fixture
def projects(table: str) -> DynamoProjects:
    return DynamoProjects(DynamoTable(cloud.client("dynamodb"), table), Noon())


def rows(table: str) -> list[dict[str, Any]]:
    pages = cloud.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return [row for page in pages for row in page["Items"]]


def test_a_lost_answer_to_a_new_project(projects: DynamoProjects, table: str) -> None:
    for name, about in (("p1", b"document#"), ("p2", b'"project"')):
        project = replace(PROJECT, id=name)
        with client_with(losing_the_first_answer("PutItem", about)) as client:
            DynamoProjects(DynamoTable(client, table)).add(project)
        assert projects.get(project.id) == project
    with (
        client_with(losing_the_first_answer("PutItem", b'"project"')) as client,
        pytest.raises(StorageError, match="taken"),
    ):
        DynamoProjects(DynamoTable(client, table)).add(project)


def test_a_lost_answer_to_an_end(projects: DynamoProjects, table: str) -> None:
    projects.add(PROJECT)
    with client_with(losing_the_first_answer("UpdateItem")) as client:
        assert DynamoProjects(DynamoTable(client, table)).end("p1", MINE)
    with client_with(losing_the_first_answer("UpdateItem")) as client:
        assert not DynamoProjects(DynamoTable(client, table)).end("p1", MINE)
    assert not projects.end("p1", MINE)
    assert projects.get("p1") == ended(PROJECT, MINE)


TOLD = replace(PROJECT, exports=(Target("webhook", {"endpoint": "https://h.example"}),))


def test_a_lost_answer_to_an_end_that_is_told(projects: DynamoProjects, table: str) -> None:
    """It is entered once, with the end."""
    projects.add(TOLD)
    for is_first in (True, False):
        with client_with(losing_the_first_answer("TransactWriteItems")) as client:
            mine = replace(MINE, message=f"{is_first}")
            assert DynamoProjects(DynamoTable(client, table)).end("p1", mine) == is_first
    assert projects.get("p1") == ended(TOLD, replace(MINE, message="True"))
    entries = [row for row in rows(table) if row["sk"] == {"S": "entry"}]
    assert [row["pk"] for row in entries] == [{"S": "outbox#p1"}]


def test_a_lost_answer_to_a_project_that_is_done_at_once_and_told(
    projects: DynamoProjects, table: str
) -> None:
    done = ended(TOLD, ending({}))
    with client_with(losing_the_first_answer("TransactWriteItems")) as client:
        DynamoProjects(DynamoTable(client, table)).add(done)
    assert projects.get("p1") == done
    with pytest.raises(StorageError, match="taken"):
        projects.add(done)


def large(seed: int) -> dict[str, str]:
    """What takes two pieces."""
    return {"report": base64.b64encode(random.Random(seed).randbytes(500_000)).decode()}


@pytest.mark.parametrize(
    ("operation", "about"), [("PutItem", b"result#"), ("PutItem", b"#001"), ("UpdateItem", b"")]
)
def test_a_lost_answer_to_a_large_end(
    projects: DynamoProjects, table: str, operation: str, about: bytes
) -> None:
    projects.add(PROJECT)
    with client_with(losing_the_first_answer(operation, about)) as client:
        assert DynamoProjects(DynamoTable(client, table)).end("p1", ending(large(1)))
    with client_with(losing_the_first_answer(operation, about)) as client:
        assert not DynamoProjects(DynamoTable(client, table)).end("p1", ending(large(2)))
    assert projects.get("p1") == ended(PROJECT, ending(large(1)))


@pytest.mark.parametrize("about", [b"result#", b'"project"'])
def test_a_lost_answer_to_a_new_project_with_a_large_result(
    projects: DynamoProjects, table: str, about: bytes
) -> None:
    project = replace(PROJECT, client_data=large(1))
    with client_with(losing_the_first_answer("PutItem", about)) as client:
        DynamoProjects(DynamoTable(client, table)).add(project)
    assert projects.get("p1") == project


def test_an_end_whose_writer_died_in_its_result_is_none(
    projects: DynamoProjects, table: str
) -> None:
    """Neither is what was there before lost, nor is the next end kept from coming."""
    projects.add(replace(PROJECT, client_data=large(1)))
    for writes in (1, 2):
        left = [writes]

        def fate(operation: str, body: bytes, send: Send, left: list[int] = left) -> Answer | None:
            left[0] -= operation == "PutItem"
            return send(body) if left[0] >= 0 else None

        with client_with(fate, attempts=3) as client, pytest.raises(StorageError):
            DynamoProjects(DynamoTable(client, table)).end("p1", ending(large(2)))
        assert left[0] < 0
        assert projects.get("p1") == replace(PROJECT, client_data=large(1))
    assert projects.end("p1", ending(large(3)))
    assert projects.get("p1") == ended(replace(PROJECT, client_data=large(1)), ending(large(3)))
    pieces = [row for row in rows(table) if row["sk"]["S"].startswith("result#")]
    assert len(pieces) == 2 + 1 + 2 + 3
    assert all(int(row["expires_at"]["N"]) >= 1 + 400 * DAY_SECONDS for row in pieces)


def test_a_small_result_takes_no_request_of_its_own(projects: DynamoProjects, table: str) -> None:
    projects.add(PROJECT)
    assert projects.end("p1", ending({"report": "x" * 500_000}))
    assert len(rows(table)) == 2
    assert max(len(row["result"]["B"]) for row in rows(table) if "result" in row) < 40_000


def test_a_project_whose_writer_died_is_not_there(projects: DynamoProjects, table: str) -> None:
    text = base64.b64encode(random.Random(2).randbytes(900_000)).decode()
    project, puts = replace(PROJECT, document=text), [0]

    def fate(operation: str, body: bytes, send: Send) -> Answer | None:
        puts[0] += 1
        return send(body) if puts[0] < 3 else None

    with (
        client_with(fate, attempts=1) as client,
        pytest.raises(StorageError, match=f"cannot use the table {table}: "),
    ):
        DynamoProjects(DynamoTable(client, table)).add(project)
    assert len(rows(table)) == 2 and all("expires_at" in row for row in rows(table))
    assert projects.get("p1") is None
    assert not projects.unfinished() and not projects.list("owner", 0, 9_999, 9)
    projects.add(project)
    assert projects.get("p1") == project


def test_what_is_left_of_an_expired_project_is_nothing(
    projects: DynamoProjects, table: str
) -> None:
    projects.add(PROJECT)
    projects.add(replace(PROJECT, id="p2"))
    (piece,) = (row for row in rows(table) if "piece" in row and row["pk"]["S"] == "project#p1")
    place = {name: piece[name] for name in ("pk", "sk")}
    cloud.client("dynamodb").delete_item(TableName=table, Key=place)
    assert projects.get("p1") is None
    assert [project.id for project in projects.list("owner", 0, 9_999, 9)] == ["p2"]


def test_no_item_is_near_the_limit(projects: DynamoProjects, table: str) -> None:
    text = base64.b64encode(random.Random(3).randbytes(800_000)).decode()
    projects.add(replace(PROJECT, document=text, client_data=large(1)))
    assert projects.end("p1", ending(large(2)))
    items = rows(table)
    assert sorted(len(row["piece"]["B"]) for row in items if "piece" in row)[-1] == 350_000
    assert max(len(repr(row)) for row in items if "piece" not in row) < 1_000


def test_what_has_expired_leaves_no_gap_in_a_listing(projects: DynamoProjects, table: str) -> None:
    for n in range(7):
        data = large(1) if n == 5 else None
        projects.add(replace(PROJECT, id=f"p{n}", client_data=data))
    for row in rows(table):
        pk, of = row["pk"]["S"], row["sk"]["S"].partition("#")[0]
        if (pk, of) in (("project#p6", "document"), ("project#p5", "result")):
            place = {name: row[name] for name in ("pk", "sk")}
            cloud.client("dynamodb").delete_item(TableName=table, Key=place)
    assert [project.id for project in projects.list("owner", 0, 9_999, 3)] == ["p4", "p3", "p2"]
    assert len(projects.list("owner", 0, 9_999, 99)) == 5
    assert projects.get("p5") is None


def test_a_page_longer_than_a_batch(projects: DynamoProjects) -> None:
    for n in range(105):
        projects.add(replace(PROJECT, id=f"p{n:03d}"))
    found = projects.list("owner", 0, 9_999, 103)
    assert [project.id for project in found] == [f"p{n:03d}" for n in range(104, 1, -1)]
    assert len(projects.unfinished()) == 105


def test_keys_left_unprocessed_are_asked_for_again(projects: DynamoProjects, table: str) -> None:
    for n in range(7):
        projects.add(replace(PROJECT, id=f"p{n}"))
    asked: list[int] = []

    def fate(operation: str, body: bytes, send: Send) -> Answer | None:
        """Every second time nothing is given, else two."""
        if operation != "BatchGetItem":
            return send(body)
        request = json.loads(body)["RequestItems"][table]
        asked.append(len(request["Keys"]))
        given = 2 * (len(asked) % 2)
        first = {**request, "Keys": request["Keys"][:given]}
        later = {**request, "Keys": request["Keys"][given:]}
        told: dict[str, Any] = {"Responses": {}}
        if given:
            told = json.loads(send(json.dumps({"RequestItems": {table: first}}).encode())[1])
        told["UnprocessedKeys"] = {table: later} if later["Keys"] else {}
        return 200, json.dumps(told).encode()

    with client_with(fate) as client:
        found = DynamoProjects(DynamoTable(client, table)).list("owner", 0, 9_999, 9)
    assert [project.id for project in found] == [f"p{n}" for n in range(6, -1, -1)]
    projects, documents = asked[:7], asked[7:]
    assert (projects, documents) == ([7, 5, 5, 3, 3, 1, 1], [7, 7, 5, 5, 3, 3, 1, 1])


def test_a_throttled_batch_is_given_up(
    projects: DynamoProjects, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    projects.add(PROJECT)
    monkeypatch.setattr(dynamodb_table, "BATCH_PAUSE_SECONDS", 0.0)

    def fate(operation: str, body: bytes, send: Send) -> Answer | None:
        if operation != "BatchGetItem":
            return send(body)
        left = {"Responses": {}, "UnprocessedKeys": json.loads(body)["RequestItems"]}
        return 200, json.dumps(left).encode()

    with client_with(fate) as client, pytest.raises(StorageError, match=f"{table}: .*throttled"):
        DynamoProjects(DynamoTable(client, table)).list("owner", 0, 9_999, 9)
