"""What all that keep tallies must do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from resplice.adapters.dynamodb.tallies import DynamoTallies
from resplice.adapters.sqlite.tallies import SqliteTallies
from resplice.core.time_units import DAY_MS
from resplice.ports.tallies import Tallies
from row_places import Place

Make = Callable[[], Tallies]


@pytest.fixture
def make(place: Place) -> Make:
    return lambda: place.open(SqliteTallies, DynamoTallies)


def test_amounts_add_up_by_owner_and_day(make: Make) -> None:
    tallies = make()
    tallies.add("self", 0, {"movies_hit": 1, "saved_ms": 250})
    tallies.add("self", 0, {"movies_hit": 2})
    tallies.add("self", DAY_MS, {"movies_miss": 1, "name": 7, "total": 9})
    tallies.add("other", DAY_MS, {"movies_miss": 5})
    tallies.add("self", DAY_MS, {})
    first = {"movies_hit": 3, "saved_ms": 250}
    second = {"movies_miss": 1, "name": 7, "total": 9}
    assert make().total("self", 0) == {**first, **second}
    assert make().total("self", 1) == make().total("self", DAY_MS) == second
    assert make().total("self", DAY_MS + 1) == make().total("nobody", 0) == {}


def test_nothing_is_lost_when_many_add(make: Make) -> None:
    tallies = make()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: tallies.add("self", 0, {"a": n, "b": 1}), range(40)))
    assert tallies.total("self", 0) == {"a": 780, "b": 40}
