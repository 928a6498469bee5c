"""What all that keep the outbox must do: an end and its entry come together, and one at a time
works on an entry.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from resplice.adapters.dynamodb.outbox import DynamoOutbox
from resplice.adapters.dynamodb.projects import DynamoProjects
from resplice.adapters.sqlite.outbox import SqliteOutbox
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.core.exports.delivery import Delivery
from resplice.core.exports.targets import Target
from resplice.errors import StorageError
from resplice.ports.outbox import Entry, Outbox
from resplice.ports.projects import Ending, MovieFile, Project, Projects
from row_places import Place

HOOK = Target("webhook", {"endpoint": "https://hooks.example/a?key=1"})
MINE = Target("", {"file": "é.mp4"}, "my-ftp")
TOLD = Project("p1", "owner", "{}", 1_000, exports=(HOOK, MINE))
SILENT = Project("p2", "owner", "{}", 1_000)
DONE = Ending("done", "", 2_000, MovieFile("movies/a", 2.5, 10_000, 640, 360), {"scenes": []})
LATE = Ending("timeout", "too late", 3_000)
ARRIVED = Delivery("p1-1", "webhook", "https://hooks.example/a").arrived(2_500)
WAITING = Delivery("p1-2", "ftp", "f.example").failed("no", 2_500, 2_000, for_good=False)


@pytest.fixture
def projects(place: Place) -> Projects:
    return place.open(SqliteProjects, DynamoProjects)


@pytest.fixture
def make(place: Place) -> Callable[[], Outbox]:
    return lambda: place.open(SqliteOutbox, DynamoOutbox)


@pytest.fixture
def outbox(make: Callable[[], Outbox]) -> Outbox:
    return make()


def claimed(outbox: Outbox, now_ms: int = 2_000, until_ms: int = 5_000) -> Entry:
    entry = outbox.claim("p1", f"at {now_ms}", now_ms, until_ms)
    assert entry
    return entry


def test_where_a_movie_goes_is_kept_with_the_project_and_not_shown(projects: Projects) -> None:
    projects.add(TOLD)
    assert projects.get("p1") == TOLD
    assert "key=1" not in repr(projects.get("p1"))


@pytest.mark.parametrize("ending", [DONE, LATE], ids=["done", "timeout"])
def test_an_end_is_entered_with_it(projects: Projects, outbox: Outbox, ending: Ending) -> None:
    for project in (TOLD, SILENT):
        projects.add(project)
    assert projects.advance("p1", "Rendering") and outbox.get("p1") is None
    assert outbox.due(10**12, 9) == []
    for project in (TOLD, SILENT):
        assert projects.end(project.id, ending)
    at_ms = ending.ended_at_ms
    assert outbox.get("p1") == Entry("p1", at_ms, at_ms) and outbox.get("p2") is None
    assert list(outbox.due(at_ms, 9)) == ["p1"] and list(outbox.due(at_ms - 1, 9)) == []
    assert list(projects.unfinished()) == []


def test_an_end_that_comes_too_late_enters_nothing(projects: Projects, outbox: Outbox) -> None:
    projects.add(TOLD)
    assert projects.end("p1", DONE)
    outbox.release(claimed(outbox), None)
    assert not projects.end("p1", LATE) and not projects.end("p1", DONE)
    assert not projects.end("unknown", DONE)
    assert outbox.get("p1") == Entry("p1", 2_000, None) and outbox.get("unknown") is None


def test_a_project_that_is_done_at_once_is_entered_at_once(
    projects: Projects, outbox: Outbox
) -> None:
    done = replace(TOLD, **vars(DONE))
    projects.add(done)
    assert projects.get("p1") == done and outbox.get("p1") == Entry("p1", 2_000, 2_000)
    outbox.release(claimed(outbox), None)
    with pytest.raises(StorageError, match="p1 is taken"):
        projects.add(done)
    assert list(outbox.due(9_000, 9)) == []


def test_of_many_ends_one_is_entered(projects: Projects, make: Callable[[], Outbox]) -> None:
    projects.add(TOLD)
    ends = [replace(DONE, ended_at_ms=2_000 + n) for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        first = list(pool.map(lambda each: projects.end("p1", each), ends))
    assert sum(first) == 1
    entry = make().get("p1")
    assert entry and entry.since_ms == 2_000 + first.index(True)


def test_one_at_a_time_works_on_an_entry(
    projects: Projects, outbox: Outbox, make: Callable[[], Outbox]
) -> None:
    projects.add(TOLD)
    projects.end("p1", DONE)
    assert outbox.claim("p1", "early", 1_999, 9_000) is None
    keepers = [make() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda n: keepers[n].claim("p1", str(n), 2_000, 5_000), range(8))
        entries = [entry for entry in found if entry]
    assert len(entries) == 1
    assert entries[0] == Entry("p1", 2_000, 5_000, (), entries[0].holder)
    assert list(outbox.due(4_999, 9)) == [] and list(outbox.due(5_000, 9)) == ["p1"]
    assert outbox.claim("p1", "later", 4_999, 9_000, early=True) is None


def test_who_died_is_followed_by_another_and_can_write_no_more(
    projects: Projects, outbox: Outbox
) -> None:
    projects.add(TOLD)
    projects.end("p1", DONE)
    dead = claimed(outbox)
    assert outbox.keep(dead.noted([ARRIVED]))
    heir = claimed(outbox, 5_000, 8_000)
    assert heir.deliveries == (ARRIVED,)
    assert not outbox.keep(dead.noted([])) and not outbox.hold(dead, 99_000)
    assert not outbox.release(dead, None)
    assert outbox.get("p1") == heir


def test_what_became_of_it_is_kept_and_it_comes_again(projects: Projects, outbox: Outbox) -> None:
    projects.add(TOLD)
    projects.end("p1", DONE)
    entry = claimed(outbox)
    assert outbox.hold(entry, 7_000) and list(outbox.due(6_999, 9)) == []
    assert outbox.keep(entry.noted([ARRIVED]))
    assert outbox.release(entry.noted([ARRIVED, WAITING]), 12_500)
    assert outbox.get("p1") == Entry("p1", 2_000, 12_500, (ARRIVED, WAITING))
    assert list(outbox.due(12_499, 9)) == [] and list(outbox.due(12_500, 9)) == ["p1"]
    again = claimed(outbox, 12_500, 13_000)
    assert again.deliveries == (ARRIVED, WAITING)
    assert outbox.release(again, None) and list(outbox.due(10**12, 9)) == []


def test_what_is_over_can_be_told_once_more(projects: Projects, outbox: Outbox) -> None:
    projects.add(TOLD)
    assert outbox.claim("p1", "a", 1, 9, early=True) is None
    projects.end("p1", DONE)
    outbox.release(claimed(outbox).noted([ARRIVED]), None)
    assert outbox.claim("p1", "b", 9_000, 10_000) is None
    entry = outbox.claim("p1", "c", 9_000, 10_000, early=True)
    assert entry and entry.deliveries == (ARRIVED,)
    assert outbox.release(replace(entry, since_ms=9_000), 9_000)
    assert outbox.get("p1") == Entry("p1", 9_000, 9_000, (ARRIVED,))


def test_what_has_waited_longest_comes_first(projects: Projects, outbox: Outbox) -> None:
    for name, at_ms in (("c", 3), ("a", 5), ("b", 4), ("d", 9)):
        projects.add(replace(TOLD, id=name))
        projects.end(name, replace(LATE, ended_at_ms=at_ms))
    assert list(outbox.due(8, 9)) == ["c", "b", "a"] and list(outbox.due(8, 2)) == ["c", "b"]
