"""What all that note who shows which files must do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from resplice.adapters.dynamodb.file_users import DynamoFileUsers
from resplice.adapters.sqlite.file_users import SqliteFileUsers
from resplice.ports.file_users import FileUsers
from row_places import Place

Make = Callable[[], FileUsers]
MOVIE, OTHER = "movies/a.mp4", "movies/b.mp4"


@pytest.fixture
def make(place: Place) -> Make:
    return lambda: place.open(SqliteFileUsers, DynamoFileUsers)


@pytest.fixture
def noted(make: Make) -> FileUsers:
    return make()


def test_who_shows_what_is_told(noted: FileUsers, make: Make) -> None:
    assert dict(noted.users(MOVIE)) == {}
    noted.add(MOVIE, "p1", [MOVIE])
    noted.add(MOVIE, "p2", [MOVIE, "movies/a.ass"])
    noted.add(OTHER, "p1", [OTHER])
    assert dict(make().users(MOVIE)) == {"p1": (MOVIE,), "p2": (MOVIE, "movies/a.ass")}
    assert dict(noted.users(OTHER)) == {"p1": (OTHER,)}


def test_twice_is_once_and_the_last_counts(noted: FileUsers) -> None:
    noted.add(MOVIE, "p1", [MOVIE])
    noted.add(MOVIE, "p1", [MOVIE, "movies/a.jpg"])
    assert dict(noted.users(MOVIE)) == {"p1": (MOVIE, "movies/a.jpg")}


def test_who_shows_it_no_more_is_forgotten_and_only_there(noted: FileUsers) -> None:
    for movie in (MOVIE, OTHER):
        for project in ("p1", "p2"):
            noted.add(movie, project, [movie])
    for _ in range(2):
        noted.drop(MOVIE, "p1")
    noted.drop("movies/unknown.mp4", "p1")
    assert set(noted.users(MOVIE)) == {"p2"} and set(noted.users(OTHER)) == {"p1", "p2"}


def test_many_at_once_are_all_noted(noted: FileUsers, make: Make) -> None:
    own = [make() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: own[n % 8].add(MOVIE, f"p{n}", [MOVIE]), range(40)))
    assert set(noted.users(MOVIE)) == {f"p{n}" for n in range(40)}
