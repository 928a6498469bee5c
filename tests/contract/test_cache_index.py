"""What every index of the cache must do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from resplice.adapters.dynamodb.cache_index import DynamoCacheIndex
from resplice.adapters.sqlite.cache_index import SqliteCacheIndex
from resplice.ports.cache_index import CacheIndex
from row_places import Place

Make = Callable[[], CacheIndex]


@pytest.fixture
def make(place: Place) -> Make:
    return lambda: place.open(SqliteCacheIndex, DynamoCacheIndex)


@pytest.fixture
def index(make: Make) -> CacheIndex:
    return make()


def test_pointers(index: CacheIndex, make: Make) -> None:
    assert index.pointer("movies/a") is None
    for facts in ({"object": "movies/b", "nested": [1, 2.5, None, "é"]}, {}):
        index.point("movies/a", facts)
        assert make().pointer("movies/a") == facts
    assert index.pointer("movies") is None


def test_a_pointer_is_forgotten_and_no_other(index: CacheIndex, make: Make) -> None:
    for key in ("movies/a", "movies/b"):
        index.point(key, {"object": key})
    for _ in range(2):
        index.drop("movies/a")
    assert make().pointer("movies/a") is None
    assert make().pointer("movies/b") == {"object": "movies/b"}
    index.point("movies/a", {"object": "again"})
    assert index.pointer("movies/a") == {"object": "again"}


def test_many_pointers_are_told_in_the_order_of_their_keys(index: CacheIndex) -> None:
    keys = [f"elements/paint/{number:02}" for number in range(40)]
    for key in keys[::2]:
        index.point(key, {"object": key})
    asked = [*reversed(keys), keys[0]]
    found = [{"object": key} if int(key[-2:]) % 2 == 0 else None for key in asked]
    assert list(index.pointers(asked)) == found and list(index.pointers([])) == []


def test_keys_are_any_text(index: CacheIndex) -> None:
    for key in ("a#b", "project", "é 𝄞", "%", "a"):
        index.point(key, {"at": key})
    for key in ("a#b", "project", "é 𝄞", "%", "a"):
        assert index.pointer(key) == {"at": key}


def test_what_is_forgotten_leads_nowhere_until_it_is_pointed_again(
    index: CacheIndex, make: Make
) -> None:
    index.point("elements/fetch/a", {"digest": "d"})
    index.forget("elements/fetch/a", 2_000)
    index.forget("elements/fetch/never", 1_000)
    assert make().pointer("elements/fetch/a") is None
    assert index.forgotten(0) == {"elements/fetch/a", "elements/fetch/never"}
    assert make().forgotten(1_001) == index.forgotten(2_000) == {"elements/fetch/a"}
    assert index.forgotten(2_001) == frozenset()
    index.point("elements/fetch/a", {"digest": "e"})
    assert make().pointer("elements/fetch/a") == {"digest": "e"}
    index.forget("elements/fetch/a", 3_000)
    assert "elements/fetch/a" in make().forgotten(3_000)
