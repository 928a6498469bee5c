"""Records in DynamoDB, beyond the contract: lost answers, throttling, garbage, failures."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import cloud
import pytest
from botocore.config import Config
from lossy_cloud import TaskResult, client_with, losing_the_first_answer
from resplice.adapters.dynamodb import table as dynamodb_table
from resplice.adapters.dynamodb.records import DynamoRecords
from resplice.errors import StorageError
from resplice.ports import ApiKey, Project

Send = Callable[[bytes], TaskResult]
PROJECT = Project("p1", "owner", '{"scenes": []}', 1_000)
DAY_SECONDS = 86_400


class Noon:
    """A clock that stands still."""

    def now_ms(self) -> int:
        return 5_000_000


@pytest.fixture
def table() -> str:
    return cloud.new_table()


@pytest.fixture
def records(table: str) -> DynamoRecords:
    return DynamoRecords(cloud.client("dynamodb"), table, Noon())


def rows(table: str) -> list[dict[str, Any]]:
    pages = cloud.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return [row for page in pages for row in page["Items"]]


def test_a_lost_answer_to_a_new_project(records: DynamoRecords, table: str) -> None:
    for name, about in (("p1", b"document#"), ("p2", b'"project"')):
        project = replace(PROJECT, id=name)
        with client_with(losing_the_first_answer("PutItem", about)) as client:
            DynamoRecords(client, table).add_project(project)
        assert records.project(project.id) == project
    with (
        client_with(losing_the_first_answer("PutItem", b'"project"')) as client,
        pytest.raises(StorageError, match="taken"),
    ):
        DynamoRecords(client, table).add_project(project)


def test_a_lost_answer_to_an_end(records: DynamoRecords, table: str) -> None:
    records.add_project(PROJECT)
    with client_with(losing_the_first_answer("UpdateItem")) as client:
        assert DynamoRecords(client, table).advance("p1", "done", message="mine")
    with client_with(losing_the_first_answer("UpdateItem")) as client:
        assert not DynamoRecords(client, table).advance("p1", "done", message="mine")
    assert not records.advance("p1", "done", message="mine")
    assert records.project("p1") == replace(PROJECT, status="done", message="mine")


def large(seed: int) -> dict[str, str]:
    """A result that takes two pieces."""
    return {"report": base64.b64encode(random.Random(seed).randbytes(500_000)).decode()}


@pytest.mark.parametrize(
    ("operation", "about"), [("PutItem", b"result#"), ("PutItem", b"#001"), ("UpdateItem", b"")]
)
def test_a_lost_answer_to_a_large_end(
    records: DynamoRecords, table: str, operation: str, about: bytes
) -> None:
    records.add_project(PROJECT)
    with client_with(losing_the_first_answer(operation, about)) as client:
        assert DynamoRecords(client, table).advance("p1", "done", result=large(1))
    with client_with(losing_the_first_answer(operation, about)) as client:
        assert not DynamoRecords(client, table).advance("p1", "done", result=large(2))
    assert records.project("p1") == replace(PROJECT, status="done", result=large(1))


@pytest.mark.parametrize("about", [b"result#", b'"project"'])
def test_a_lost_answer_to_a_new_project_with_a_large_result(
    records: DynamoRecords, table: str, about: bytes
) -> None:
    project = replace(PROJECT, result=large(1))
    with client_with(losing_the_first_answer("PutItem", about)) as client:
        DynamoRecords(client, table).add_project(project)
    assert records.project("p1") == project


def test_an_end_whose_writer_died_in_its_result_is_none(records: DynamoRecords, table: str) -> None:
    """Neither is what was there before lost, nor is the next end kept from coming."""
    records.add_project(replace(PROJECT, result=large(1)))
    for writes in (1, 2):
        left = [writes]

        def fate(
            operation: str, body: bytes, send: Send, left: list[int] = left
        ) -> TaskResult | None:
            left[0] -= 1
            return send(body) if left[0] >= 0 else None

        with client_with(fate, attempts=3) as client, pytest.raises(StorageError):
            DynamoRecords(client, table).advance("p1", "done", result=large(2))
        assert left[0] < 0
        assert records.project("p1") == replace(PROJECT, result=large(1))
    assert records.advance("p1", "done", result=large(3))
    assert records.project("p1") == replace(PROJECT, status="done", result=large(3))
    pieces = [row for row in rows(table) if row["sk"]["S"].startswith("result#")]
    assert len(pieces) == 2 + 1 + 2 + 2
    assert all(int(row["expires_at"]["N"]) >= 1 + 400 * DAY_SECONDS for row in pieces)


def test_a_small_result_takes_no_request_of_its_own(records: DynamoRecords, table: str) -> None:
    records.add_project(PROJECT)
    assert records.advance("p1", "done", result={"report": "x" * 500_000})
    assert len(rows(table)) == 2
    assert max(len(row["result"]["B"]) for row in rows(table) if "result" in row) < 40_000


def test_lost_answers_about_a_lease(records: DynamoRecords, table: str) -> None:
    with client_with(losing_the_first_answer("UpdateItem")) as client:
        lease = DynamoRecords(client, table).claim("key", "a", 100, 50)
    assert lease and lease == records.held("key") and lease.fence == 1
    with client_with(losing_the_first_answer("UpdateItem")) as client:
        assert DynamoRecords(client, table).claim("key", "a", 100, 50) is None
    with client_with(losing_the_first_answer("UpdateItem")) as client:
        renewed = DynamoRecords(client, table).renew(lease, 200, 50)
    assert renewed == replace(lease, until_ms=250)
    with client_with(losing_the_first_answer("UpdateItem")) as client:
        assert DynamoRecords(client, table).release(renewed)
    assert not records.release(renewed)


def test_a_project_whose_writer_died_is_not_there(records: DynamoRecords, table: str) -> None:
    text = base64.b64encode(random.Random(2).randbytes(900_000)).decode()
    project, puts = replace(PROJECT, document=text), [0]

    def fate(operation: str, body: bytes, send: Send) -> TaskResult | None:
        puts[0] += 1
        return send(body) if puts[0] < 3 else None

    with (
        client_with(fate, attempts=1) as client,
        pytest.raises(StorageError, match=f"cannot use the table {table}: "),
    ):
        DynamoRecords(client, table).add_project(project)
    assert len(rows(table)) == 2 and all("expires_at" in row for row in rows(table))
    assert records.project("p1") is None
    assert not records.unfinished() and not records.projects("owner", 0, 9_999, 9)
    records.add_project(project)
    assert records.project("p1") == project


def test_what_is_left_of_an_expired_project_is_nothing(records: DynamoRecords, table: str) -> None:
    records.add_project(PROJECT)
    records.add_project(replace(PROJECT, id="p2"))
    (piece,) = (row for row in rows(table) if "piece" in row and row["pk"]["S"] == "project#p1")
    place = {name: piece[name] for name in ("pk", "sk")}
    cloud.client("dynamodb").delete_item(TableName=table, Key=place)
    assert records.project("p1") is None
    assert [project.id for project in records.projects("owner", 0, 9_999, 9)] == ["p2"]


def test_no_item_is_near_the_limit(records: DynamoRecords, table: str) -> None:
    text = base64.b64encode(random.Random(3).randbytes(800_000)).decode()
    records.add_project(replace(PROJECT, document=text, result=large(1)))
    assert records.advance("p1", "done", result=large(2))
    items = rows(table)
    assert sorted(len(row["piece"]["B"]) for row in items if "piece" in row)[-1] == 350_000
    assert max(len(repr(row)) for row in items if "piece" not in row) < 1_000


def test_what_has_expired_leaves_no_gap_in_a_listing(records: DynamoRecords, table: str) -> None:
    for n in range(7):
        result = large(1) if n == 5 else {}
        records.add_project(replace(PROJECT, id=f"p{n}", result=result))
    for row in rows(table):
        pk, of = row["pk"]["S"], row["sk"]["S"].partition("#")[0]
        if (pk, of) in (("project#p6", "document"), ("project#p5", "result")):
            place = {name: row[name] for name in ("pk", "sk")}
            cloud.client("dynamodb").delete_item(TableName=table, Key=place)
    assert [project.id for project in records.projects("owner", 0, 9_999, 3)] == ["p4", "p3", "p2"]
    assert len(records.projects("owner", 0, 9_999, 99)) == 5
    assert records.project("p5") is None


def test_a_page_longer_than_a_batch(records: DynamoRecords) -> None:
    for n in range(105):
        records.add_project(replace(PROJECT, id=f"p{n:03d}"))
    found = records.projects("owner", 0, 9_999, 103)
    assert [project.id for project in found] == [f"p{n:03d}" for n in range(104, 1, -1)]
    assert len(records.unfinished()) == 105


def test_keys_left_unprocessed_are_asked_for_again(records: DynamoRecords, table: str) -> None:
    for n in range(7):
        records.add_project(replace(PROJECT, id=f"p{n}"))
    asked: list[int] = []

    def fate(operation: str, body: bytes, send: Send) -> TaskResult | None:
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
        found = DynamoRecords(client, table).projects("owner", 0, 9_999, 9)
    assert [project.id for project in found] == [f"p{n}" for n in range(6, -1, -1)]
    projects, documents = asked[:7], asked[7:]
    assert (projects, documents) == ([7, 5, 5, 3, 3, 1, 1], [7, 7, 5, 5, 3, 3, 1, 1])


def test_a_throttled_batch_is_given_up(
    records: DynamoRecords, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.add_project(PROJECT)
    monkeypatch.setattr(dynamodb_table, "BATCH_PAUSE_SECONDS", 0.0)

    def fate(operation: str, body: bytes, send: Send) -> TaskResult | None:
        if operation != "BatchGetItem":
            return send(body)
        left = {"Responses": {}, "UnprocessedKeys": json.loads(body)["RequestItems"]}
        return 200, json.dumps(left).encode()

    with client_with(fate) as client, pytest.raises(StorageError, match=f"{table}: .*throttled"):
        DynamoRecords(client, table).projects("owner", 0, 9_999, 9)


def test_only_garbage_expires(records: DynamoRecords, table: str) -> None:
    records.add_project(PROJECT)
    records.advance("p1", "done")
    records.point("movies/a", {})
    lease = records.claim("key", "a", 7_000_000, 1_000)
    records.wait("key", "p1")
    records.add_key(ApiKey("d1", "n", "render", 1, expires_at_ms=2))
    assert lease and records.release(lease)
    days = {
        row["sk"]["S"].partition("#")[0]: int(row["expires_at"]["N"])
        for row in rows(table)
        if "expires_at" in row
    }
    assert days == {
        "project": 1 + 400 * DAY_SECONDS,
        "document": 1 + 400 * DAY_SECONDS,
        "pointer": 5_000 + 180 * DAY_SECONDS,
        "lease": 7_001 + 30 * DAY_SECONDS,
        "waiter": 5_000 + 2 * DAY_SECONDS,
    }
    assert len(rows(table)) == 7


def test_a_pointer_takes_one_item_under_its_own_key(records: DynamoRecords, table: str) -> None:
    """Functions that may read and write pointers are told so by the start of the key."""
    records.point("elements/fetch/ab", {"digest": "x"})
    (row,) = rows(table)
    assert (row["pk"], row["sk"]) == ({"S": "pointer#elements/fetch/ab"}, {"S": "pointer"})


def test_a_table_that_cannot_be_used() -> None:
    records = DynamoRecords(cloud.client("dynamodb"), "missing")
    attempts: list[Callable[[], object]] = [
        lambda: records.add_project(PROJECT),
        lambda: records.project("p1"),
        lambda: records.advance("p1", "done"),
        lambda: records.projects("owner", 0, 9, 9),
        lambda: records.unfinished(),
        lambda: records.claim("key", "a", 0, 9),
        lambda: records.add_key(ApiKey("d1", "n", "render", 1)),
    ]
    for attempt in attempts:
        with pytest.raises(StorageError, match="cannot use the table missing: "):
            attempt()


def test_no_way_to_the_table() -> None:
    client = boto3.client(
        "dynamodb",
        endpoint_url="http://127.0.0.1:9",
        region_name=cloud.REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=1),
    )
    with pytest.raises(StorageError, match="cannot use the table any: "):
        DynamoRecords(client, "any").held("key")
