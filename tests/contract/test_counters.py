"""What all counters must do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cloud
import pytest
from resplice.adapters.dynamodb.counters import DynamoCounters
from resplice.adapters.memory.counters import MANY, MemoryCounters
from resplice.adapters.sqlite.counters import SqliteCounters
from resplice.core.time_units import DAY_MS
from resplice.ports.counters import Counters
from row_places import DynamoPlace, SqlitePlace

Make = Callable[[], Counters]


@pytest.fixture(params=["memory", "sqlite", "dynamodb"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """The same counters, opened again each time."""
    if request.param == "memory":
        one = MemoryCounters()
        return lambda: one
    if request.param == "sqlite":
        place = SqlitePlace(tmp_path / "records.sqlite")
        return lambda: place.open(SqliteCounters, DynamoCounters)
    table = DynamoPlace(cloud.new_table())
    return lambda: table.open(SqliteCounters, DynamoCounters)


def test_what_is_counted_adds_up(make: Make) -> None:
    assert make().total("a", "seconds", 0) == 0
    assert [make().add("a", "seconds", 0, amount, DAY_MS) for amount in (3, 1, 0)] == [3, 4, 4]
    assert make().total("a", "seconds", 0) == 4


def test_what_was_too_much_is_given_back(make: Make) -> None:
    make().add("a", "movies", 0, 3, DAY_MS)
    assert make().add("a", "movies", 0, -2, DAY_MS) == make().total("a", "movies", 0) == 1


def test_owners_names_and_windows_are_apart(make: Make) -> None:
    make().add("a", "seconds", 0, 5, DAY_MS)
    for other in (("b", "seconds", 0), ("a", "bytes", 0), ("a", "seconds", DAY_MS)):
        assert make().total(*other) == 0
        assert make().add(*other, 1, DAY_MS) == 1


def test_none_is_lost_when_many_count_at_once(make: Make) -> None:
    with ThreadPoolExecutor(8) as pool:
        totals = list(pool.map(lambda _: make().add("a", "requests", 0, 1, 1_000), range(40)))
    assert sorted(totals) == list(range(1, 41))


def test_what_is_over_may_be_forgotten_and_no_more(tmp_path: Path) -> None:
    counters = SqlitePlace(tmp_path / "records.sqlite").open(SqliteCounters, DynamoCounters)
    for window_ms in (0, DAY_MS, 2 * DAY_MS):
        counters.add("a", "seconds", window_ms, 1, DAY_MS)
    assert [counters.total("a", "seconds", day * DAY_MS) for day in range(3)] == [0, 1, 1]


def test_what_is_remembered_does_not_grow() -> None:
    counters = MemoryCounters()
    for window_ms in range(0, 2 * MANY):
        counters.add("a", "requests", window_ms, 1, 10)
    assert len(counters._totals) <= MANY + 12
