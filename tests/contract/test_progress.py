"""What all that count progress must do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from resplice.adapters.dynamodb.progress import DynamoProgress
from resplice.adapters.sqlite.progress import SqliteProgress
from resplice.ports.progress import ALMOST, Progress
from row_places import Place

Make = Callable[[], Progress]


@pytest.fixture
def make(place: Place) -> Make:
    return lambda: place.open(SqliteProgress, DynamoProgress)


@pytest.fixture
def progress(make: Make) -> Progress:
    return make()


def test_it_is_in_percent_of_the_plan(progress: Progress, make: Make) -> None:
    assert progress.percent("p1") == 0
    progress.plan("p1", 200)
    assert progress.percent("p1") == 0
    for frames, percent in ((1, 0), (1, 1), (50, 26), (100, 76), (48, ALMOST), (9, ALMOST)):
        progress.add("p1", frames)
        assert make().percent("p1") == percent
    assert progress.percent("p2") == 0


def test_a_later_plan_takes_nothing_back(progress: Progress) -> None:
    progress.plan("p1", 100)
    progress.add("p1", 40)
    for frames in (100, 60, 400, 0):
        progress.plan("p1", frames)
        assert progress.percent("p1") == 40


def test_where_nothing_has_to_be_rendered_all_is_there(progress: Progress) -> None:
    progress.plan("p1", 0)
    assert progress.percent("p1") == ALMOST


def test_what_comes_before_its_plan_counts(progress: Progress) -> None:
    progress.add("p1", 10)
    assert progress.percent("p1") == 0
    progress.plan("p1", 40)
    assert progress.percent("p1") == 25


def test_many_count_at_once(progress: Progress, make: Make) -> None:
    progress.plan("p1", 100)
    own = [make() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: own[n % 8].add("p1", 1), range(50)))
    assert progress.percent("p1") == 50
