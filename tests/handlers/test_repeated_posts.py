"""POST with an Idempotency-Key: sent again it makes no second project, and says so of another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import cloud
import pytest
from api_calls import MOVIE, Noted
from far_apart import MovedClock
from resplice.adapters.dynamodb.idempotency import DynamoIdempotency
from resplice.adapters.dynamodb.projects import DynamoProjects
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.api import app
from resplice.api.service import Service
from resplice.core.time_units import HOUR_MS
from resplice.ports import Ports
from resplice.steps.execution.coalesce import Coalescer
from resplice.wiring.local import local
from resplice.wiring.service import LIMITS


@pytest.fixture(scope="module", params=["sqlite", "dynamodb"])
def ports(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ports]:
    with local(tmp_path_factory.mktemp("data")) as made:
        if request.param == "dynamodb":
            table = DynamoTable(cloud.client("dynamodb"), cloud.new_table())
            kept = {"projects": DynamoProjects(table), "idempotency": DynamoIdempotency(table)}
            made = replace(made, **kept)  # type: ignore[arg-type]
        yield replace(made, clock=MovedClock(made.clock))


@pytest.fixture
def noted() -> Noted:
    return Noted()


def post(ports: Ports, noted: Noted, key: str, movie: Any = MOVIE) -> tuple[int, dict[str, Any]]:
    service = Service(Coalescer(ports, noted), None, "https://movies.example", LIMITS)
    context = {"http": {"method": "POST", "path": "/v2/movies"}, "stage": "$default"}
    told = app.handler(service)(
        {
            **{"version": "2.0", "rawPath": "/v2/movies", "requestContext": context},
            **{"headers": {"Idempotency-Key": key}, "body": json.dumps(movie)},
        },
        None,
    )
    return told["statusCode"], json.loads(told["body"])


def project(ports: Ports, noted: Noted, key: str, movie: Any = MOVIE) -> str:
    status, answer = post(ports, noted, key, movie)
    assert status == 200 and answer.keys() == {"success", "project", "timestamp"}, answer
    return str(answer["project"])


def test_the_same_request_again_is_the_same_project(ports: Ports, noted: Noted) -> None:
    movie = {**MOVIE, "cache": False}
    first = project(ports, noted, "again", movie)
    assert project(ports, noted, "again", movie) == first
    assert noted.started == [first]
    assert project(ports, noted, "another", movie) != first


def test_at_once_it_is_one_project_too(ports: Ports, noted: Noted) -> None:
    movie = {**MOVIE, "cache": False}
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: project(ports, noted, "at once", movie), range(24)))
    assert len({*found}) == 1 and {*noted.started} == {*found}


def test_another_body_is_a_conflict(ports: Ports, noted: Noted) -> None:
    project(ports, noted, "conflict")
    status, answer = post(ports, noted, "conflict", {**MOVIE, "id": "another"})
    assert status == 409 and answer["success"] is False
    assert answer["message"] == (
        "This Idempotency-Key was used for another request less than 24 hours ago: "
        "repeat that one, or take a new key"
    )


def test_after_a_day_it_is_a_new_request(ports: Ports, noted: Noted) -> None:
    clock = ports.clock
    assert isinstance(clock, MovedClock)
    movie = {**MOVIE, "cache": False}
    first = project(ports, noted, "a day", movie)
    clock.ahead_ms += 23 * HOUR_MS
    assert project(ports, noted, "a day", movie) == first
    clock.ahead_ms += 2 * HOUR_MS
    assert project(ports, noted, "a day", {**movie, "id": "another"}) != first


def test_what_was_refused_may_be_mended_under_its_key(ports: Ports, noted: Noted) -> None:
    status, _ = post(ports, noted, "mended", {"scenes": "none"})
    assert status == 400
    project(ports, noted, "mended")


@pytest.mark.parametrize("key", ["", "k" * 256, "schlüssel", "a\tb"])
def test_what_is_no_key_is_refused(ports: Ports, noted: Noted, key: str) -> None:
    status, answer = post(ports, noted, key)
    assert (status, noted.started) == (400, [])
    assert answer["message"] == "'Idempotency-Key' must be 1 to 255 printable ASCII characters"
    assert [problem["path"] for problem in answer["errors"]] == ["Idempotency-Key"]


def test_one_that_died_before_it_kept_the_project_is_gone_on_with(
    ports: Ports, noted: Noted
) -> None:
    """The key is claimed first."""
    from resplice.errors import StorageError

    class Full:
        def __getattr__(self, name: str) -> Any:
            return getattr(ports.projects, name)

        def add(self, project: Any) -> None:
            raise StorageError("cannot use the table")

    full: Any = Full()
    assert post(replace(ports, projects=full), noted, "died")[0] == 500
    first = project(ports, noted, "died")
    assert project(ports, noted, "died") == first
