"""What all that know when open projects are due must do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import cloud
import pytest
from lossy_cloud import Answer, client_with, losing_the_first_answer
from resplice.adapters.dynamodb.agenda import DynamoAgenda
from resplice.adapters.dynamodb.projects import DynamoProjects
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.adapters.sqlite.agenda import SqliteAgenda
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.errors import StorageError
from resplice.ports.agenda import Agenda
from resplice.ports.projects import Ending, Project, Projects
from row_places import Place

YOUNG_MS, LATE_MS = 60, 10**9
PROJECT = Project("p1", "owner", '{"scenes": []}', 1_000)
OVER = Ending("error", "m", 5_000)


@pytest.fixture
def agenda(place: Place) -> Agenda:
    return place.open(SqliteAgenda, DynamoAgenda)


@pytest.fixture
def projects(place: Place) -> Projects:
    return place.open(SqliteProjects, DynamoProjects)


def due(agenda: Agenda, before_ms: int) -> list[str]:
    return list(agenda.due(before_ms, YOUNG_MS))


def test_one_is_due_a_while_after_it_was_created(agenda: Agenda, projects: Projects) -> None:
    assert due(agenda, LATE_MS) == []
    projects.add(PROJECT)
    assert due(agenda, 1_060) == [] and due(agenda, 1_061) == ["p1"]
    assert projects.advance("p1", "m")
    assert due(agenda, 1_060) == [] and due(agenda, 1_061) == ["p1"]
    assert agenda.due(1_001, 0) == ["p1"] and due(agenda, 10) == []


def test_what_is_postponed_is_due_then_and_only_then(agenda: Agenda, projects: Projects) -> None:
    projects.add(PROJECT)
    for due_ms in (7_000, 9_000, 8_000):
        assert agenda.postpone("p1", due_ms)
        assert due(agenda, due_ms) == [] and due(agenda, due_ms + 1) == ["p1"]
        assert agenda.due(due_ms, 0) == [], "how young it may be is asked of others"
    assert agenda.postpone("p1", 10), "also what was due before"
    assert due(agenda, 11) == ["p1"]
    assert projects.get("p1") == PROJECT and list(projects.unfinished()) == ["p1"]


def test_the_longest_due_comes_first(agenda: Agenda, projects: Projects) -> None:
    for name, created_at_ms in (("d", 1), ("c", 2), ("b", 3), ("a", 4), ("e", 4)):
        projects.add(replace(PROJECT, id=name, owner=name, created_at_ms=created_at_ms))
    assert agenda.postpone("d", 65) and agenda.postpone("a", 62)
    assert due(agenda, LATE_MS) == ["a", "c", "b", "e", "d"]
    assert due(agenda, 64) == ["a", "c", "b"]
    assert list(projects.unfinished()) == ["d", "c", "b", "a", "e"]


@pytest.mark.parametrize("postponed", [False, True])
@pytest.mark.parametrize("ending", [OVER, replace(OVER, report={"a": 1})], ids=["plain", "report"])
def test_what_has_ended_is_due_no_more(
    agenda: Agenda, projects: Projects, postponed: bool, ending: Ending
) -> None:
    projects.add(PROJECT)
    assert not postponed or agenda.postpone("p1", 2_000)
    assert projects.end("p1", ending)
    assert due(agenda, LATE_MS) == [] and list(projects.unfinished()) == []
    assert not agenda.postpone("p1", 3_000) and due(agenda, LATE_MS) == []
    agenda.forget("p1")
    found = projects.get("p1")
    assert found and found.status == "error" and not projects.end("p1", ending)


def test_one_that_is_done_at_once_is_never_due(agenda: Agenda, projects: Projects) -> None:
    projects.add(replace(PROJECT, status="done", ended_at_ms=1_000))
    assert due(agenda, LATE_MS) == []


def test_what_is_unknown_is_never_due(agenda: Agenda, projects: Projects) -> None:
    assert not agenda.postpone("p1", 2_000) and due(agenda, LATE_MS) == []
    agenda.forget("p1")
    assert projects.get("p1") is None
    projects.add(PROJECT)
    assert due(agenda, 1_061) == ["p1"]


def test_ends_and_looks_at_once_leave_nothing_due(place: Place, projects: Projects) -> None:
    ids = [f"p{n}" for n in range(6)]
    for name in ids:
        projects.add(replace(PROJECT, id=name))
    enders = [place.open(SqliteProjects, DynamoProjects) for _ in ids]
    agendas = [place.open(SqliteAgenda, DynamoAgenda) for _ in ids]
    with ThreadPoolExecutor(8) as pool:
        looks = [
            pool.submit(agendas[n].postpone, name, at_ms)
            for at_ms in (2_000, 3_000)
            for n, name in enumerate(ids)
        ]
        ends = [pool.submit(enders[n].end, name, OVER) for n, name in enumerate(ids)]
    assert all(end.result() for end in ends) and [look.result() for look in looks]
    for name in due(agendas[0], LATE_MS):
        agendas[0].forget(name)  # As a sweep does that finds one that has ended.
    assert due(agendas[0], LATE_MS) == []


# Beyond the contract: who dies on DynamoDB, and what is read there.


@pytest.fixture
def table() -> str:
    return cloud.new_table()


def opened(table: str, client: Any = None) -> tuple[DynamoProjects, DynamoAgenda]:
    at = DynamoTable(client or cloud.client("dynamodb"), table)
    return DynamoProjects(at), DynamoAgenda(at)


def dying_after(requests: int) -> Callable[[str, bytes, Callable[[bytes], Answer]], Answer | None]:
    left = [requests]

    def fate(_: str, body: bytes, send: Callable[[bytes], Answer]) -> Answer | None:
        left[0] -= 1
        return send(body) if left[0] >= 0 else None

    return fate


@pytest.mark.parametrize("requests", range(3))
def test_who_dies_as_it_postpones_leaves_it_due_at_some_time(table: str, requests: int) -> None:
    projects, agenda = opened(table)
    projects.add(PROJECT)
    with client_with(dying_after(requests), attempts=1) as client:
        if requests < 2:
            with pytest.raises(StorageError):
                opened(table, client)[1].postpone("p1", 9_000)
        else:
            assert opened(table, client)[1].postpone("p1", 9_000)
    assert due(agenda, 9_001) == ["p1"], "once, though it may be there twice"
    assert due(agenda, 1_061) == (["p1"] if requests < 2 else [])


@pytest.mark.parametrize("requests", range(4))
def test_who_dies_as_it_ends_one_leaves_nothing_that_is_not_found(
    table: str, requests: int
) -> None:
    projects, agenda = opened(table)
    projects.add(PROJECT)
    assert agenda.postpone("p1", 9_000)
    ended = requests >= 2
    with client_with(dying_after(requests), attempts=1) as client:
        if ended:
            assert opened(table, client)[0].end("p1", OVER), "it is recorded, whatever is left"
        else:
            with pytest.raises(StorageError):
                opened(table, client)[0].end("p1", OVER)
    assert due(agenda, 9_001) == (["p1"] if requests < 3 else [])
    found = projects.get("p1")
    assert found and (found.status == "error") == ended
    agenda.forget("p1") if ended else projects.end("p1", OVER)
    assert due(agenda, LATE_MS) == []


def test_a_lost_answer_changes_nothing(table: str) -> None:
    projects, agenda = opened(table)
    projects.add(PROJECT)
    for operation in ("PutItem", "UpdateItem"):
        with client_with(losing_the_first_answer(operation)) as client:
            assert opened(table, client)[1].postpone("p1", 9_000)
        assert due(agenda, 9_000) == [] and due(agenda, 9_001) == ["p1"]
    with client_with(losing_the_first_answer("DeleteItem")) as client:
        assert opened(table, client)[0].end("p1", OVER)
    assert due(agenda, LATE_MS) == []


def test_only_what_is_due_is_read(table: str) -> None:
    """The index is sorted by time, so that the others are not even looked at."""
    client, read = cloud.client.__wrapped__("dynamodb"), list[int]()

    def note(parsed: dict[str, Any], **_: Any) -> None:
        read.append(parsed["ScannedCount"])

    client.meta.events.register("after-call.dynamodb.Query", note)
    projects, agenda = opened(table, client)
    for n in range(40):
        projects.add(replace(PROJECT, id=f"p{n:02d}", created_at_ms=n))
    assert len(agenda.due(3, 0)) == 3 and read == [3, 0]
    for n in range(20):
        assert agenda.postpone(f"p{n:02d}", 100 + n)
    read.clear()
    assert len(agenda.due(21, 0)) == 1 and read == [1, 0]
    read.clear()
    assert len(agenda.due(102, 0)) == 22 and read == [20, 2]


def test_an_end_of_one_that_nobody_has_postponed_takes_no_request_more(table: str) -> None:
    projects, _ = opened(table)
    projects.add(PROJECT)
    client, asked = cloud.client.__wrapped__("dynamodb"), list[str]()
    client.meta.events.register("before-call.dynamodb", lambda model, **_: asked.append(model.name))
    assert opened(table, client)[0].end("p1", OVER)
    assert asked == ["GetItem", "UpdateItem"]


def test_what_earlier_versions_end_is_found_when_it_is_due(table: str) -> None:
    """They ask for the attribute `open`, whatever it says, and take it away with the end."""
    projects, agenda = opened(table)
    projects.add(PROJECT)
    assert agenda.postpone("p1", 9_000)
    cloud.client("dynamodb").update_item(
        TableName=table,
        Key={"pk": {"S": "project#p1"}, "sk": {"S": "project"}},
        ConditionExpression="attribute_exists(#open)",
        UpdateExpression="SET #status = :ended REMOVE #open",
        ExpressionAttributeNames={"#open": "open", "#status": "status"},
        ExpressionAttributeValues={":ended": {"S": "error"}},
    )
    assert due(agenda, 9_001) == ["p1"] and list(projects.unfinished()) == []
    assert not agenda.postpone("p1", 10_000) and due(agenda, LATE_MS) == []
