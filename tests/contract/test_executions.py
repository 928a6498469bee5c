"""What every runner of executions must do, on Step Functions and in threads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from execution_places import PLACES, Place


@pytest.fixture(params=sorted(PLACES))
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    with PLACES[request.param]() as made:
        yield made


def test_started_twice_is_one_execution(place: Place) -> None:
    assert place.executions.start("p1") and place.executions.start("p1")
    assert place.going_on() == ["p1"]
    place.end_all()
    assert place.begun() == ["p1"]


def test_each_project_has_its_own(place: Place) -> None:
    assert place.executions.start("p1") and place.executions.start("p2")
    assert place.going_on() == ["p1", "p2"]
    place.end_all()
    assert place.going_on() == [] and place.begun() == ["p1", "p2"]


def test_started_many_times_at_once_is_one_execution(place: Place) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: place.executions.start("p1"), range(16)))
    place.end_all()
    assert place.begun() == ["p1"]


def test_what_is_cancelled_goes_on_no_more_and_the_others_do(place: Place) -> None:
    """One that runs in a thread sees by itself that it has ended: here it is one that waits."""
    for project_id in ("p1", "p2", "p3"):
        assert place.executions.start(project_id)
    for project_id in ("p2", "p2"):
        place.executions.cancel(project_id)
    assert place.going_on() == ["p1", "p3"]


def test_to_cancel_what_is_not_there_or_has_ended_is_no_error(place: Place) -> None:
    place.executions.cancel("unknown")
    assert place.executions.start("p1")
    place.end_all()
    place.executions.cancel("p1")
    assert place.going_on() == [] and place.begun() == ["p1"]
