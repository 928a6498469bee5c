"""What is kept in a DynamoDB table, beyond the contracts: lost answers, garbage, failures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import cloud
import pytest
from botocore.config import Config
from lossy_cloud import client_with, losing_the_first_answer
from resplice.adapters.dynamodb.agenda import DynamoAgenda
from resplice.adapters.dynamodb.api_keys import DynamoApiKeys
from resplice.adapters.dynamodb.cache_index import DynamoCacheIndex
from resplice.adapters.dynamodb.leases import DynamoLeases
from resplice.adapters.dynamodb.projects import DynamoProjects
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.errors import StorageError
from resplice.ports.api_keys import ApiKey
from resplice.ports.projects import Ending, Project

PROJECT = Project("p1", "owner", '{"scenes": []}', 1_000)
DAY_SECONDS = 86_400


class Noon:
    """A clock that stands still."""

    def now_ms(self) -> int:
        return 5_000_000


@pytest.fixture
def table() -> str:
    return cloud.new_table()


def rows(table: str) -> list[dict[str, Any]]:
    pages = cloud.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return [row for page in pages for row in page["Items"]]


def test_lost_answers_about_a_lease(table: str) -> None:
    leases = DynamoLeases(DynamoTable(cloud.client("dynamodb"), table))
    with client_with(losing_the_first_answer("UpdateItem")) as client:
        lease = DynamoLeases(DynamoTable(client, table)).claim("key", "a", 100, 50)
    assert lease and lease == leases.held("key") and lease.fence == 1
    with client_with(losing_the_first_answer("UpdateItem")) as client:
        assert DynamoLeases(DynamoTable(client, table)).claim("key", "a", 100, 50) is None
    with client_with(losing_the_first_answer("UpdateItem")) as client:
        renewed = DynamoLeases(DynamoTable(client, table)).renew(lease, 200, 50)
    assert renewed == replace(lease, until_ms=250)
    with client_with(losing_the_first_answer("UpdateItem")) as client:
        assert DynamoLeases(DynamoTable(client, table)).release(renewed)
    assert not leases.release(renewed)


def test_only_garbage_expires(table: str) -> None:
    at = DynamoTable(cloud.client("dynamodb"), table)
    projects, leases = DynamoProjects(at, Noon()), DynamoLeases(at, Noon())
    projects.add(PROJECT)
    projects.end("p1", Ending("done", "", 1))
    DynamoCacheIndex(at, Noon()).point("movies/a", {})
    lease = leases.claim("key", "a", 7_000_000, 1_000)
    leases.wait("key", "p1")
    DynamoApiKeys(at).add(ApiKey("d1", "n", "render", 1, expires_at_ms=2))
    assert lease and leases.release(lease)
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


def test_a_pointer_takes_one_item_under_its_own_key(table: str) -> None:
    """Functions that may read and write pointers are told so by the start of the key."""
    index = DynamoCacheIndex(DynamoTable(cloud.client("dynamodb"), table))
    index.point("elements/fetch/ab", {"digest": "x"})
    (row,) = rows(table)
    assert (row["pk"], row["sk"]) == ({"S": "pointer#elements/fetch/ab"}, {"S": "pointer"})


def test_a_table_that_cannot_be_used() -> None:
    table = DynamoTable(cloud.client("dynamodb"), "missing")
    projects = DynamoProjects(table)
    attempts: list[Callable[[], object]] = [
        lambda: projects.add(PROJECT),
        lambda: projects.get("p1"),
        lambda: projects.advance("p1", "m"),
        lambda: projects.end("p1", Ending("done", "", 1)),
        lambda: projects.end("p1", Ending("done", "", 1, report={})),
        lambda: projects.list("owner", 0, 9, 9),
        lambda: projects.unfinished(),
        lambda: DynamoAgenda(table).due(9, 0),
        lambda: DynamoAgenda(table).postpone("p1", 9),
        lambda: DynamoLeases(table).claim("key", "a", 0, 9),
        lambda: DynamoCacheIndex(table).pointer("key"),
        lambda: DynamoApiKeys(table).add(ApiKey("d1", "n", "render", 1)),
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
        DynamoLeases(DynamoTable(client, "any")).held("key")
