"""Movies whose files are gone: they say so, and hand out no URL that leads nowhere."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

import pytest
from api_places import Place
from resplice.core.owners import FIRST_OWNER
from resplice.core.time_units import DAY_MS
from resplice.ports.projects import MovieFile, Project
from spec_rows import Ask, Row, row

POST, GET = "POST /v2/movies", "GET /v2/movies?project="
LIST = "GET /v2/movies?date_start=2025-03-01&date_end=2025-03-02"
SCENE = {"duration": 1, "background-color": "#332211"}
MOVIE = {"width": 64, "height": 50, "fps": 10, "scenes": [SCENE]}
MARCH_MS = 1_740_787_200_000
"""2025-03-01, 00:00 UTC."""
AGAIN = "Post its document again to have it made anew"
EXPIRED = f"The movie has expired: its file was kept until 2025-03-31T00:00:00.000Z. {AGAIN}"
GONE = f"The movie's file is not in the cache any more. {AGAIN}"
NOWHERE = {"movie.url": None, "movie.thumbnail": None, "movie.ass": False}
URL = re.compile(r"http://.*\.mp4")

ROWS = (
    row(
        "a movie whose time is over and whose file is gone says until when it was kept",
        Ask(
            f"{GET}{{expired}}",
            200,
            {
                "success": True,
                "movie.success": True,
                "movie.status": "done",
                "movie.message": EXPIRED,
                "movie.expires_at": "2025-03-31T00:00:00.000Z",
                "movie.duration": 1,
                "movie.json": "[]",
                **NOWHERE,
            },
            lacks=("movie.deleted_at",),
        ),
    ),
    row(
        "its list says the same",
        Ask(LIST, 200, {"count": 1, "movies.0.url": None, "movies.0.message": EXPIRED}),
    ),
    row(
        "one whose time is over is shown while its file is there",
        Ask(f"{GET}{{used}}", 200, {"movie.url": URL, "movie.message": ""}),
    ),
    row(
        "while a movie's time is not over, its file is not looked for",
        Ask(f"{GET}{{fresh}}", 200, {"movie.url": URL, "movie.message": ""}),
    ),
    row(
        "one that was deleted is deleted, and not expired",
        Ask(f"{GET}{{deleted}}", 200, {"movie.message": "The movie was deleted", **NOWHERE}),
    ),
    row(
        "a movie that went from the cache says so, and is made again when it is posted again",
        Ask(f"{GET}{{evicted}}", 200, {"movie.message": GONE, "movie.status": "done", **NOWHERE}),
        Ask(POST, sends=MOVIE, keeps={"own": "project"}),
        Ask(f"{GET}{{own}}", 200, {"movie.status": "done", "movie.url": URL}, in_time=True),
    ),
)


def _done(name: str, key: str, expires_at_ms: int | None) -> Project:
    movie = MovieFile(key, 1, 1000, 64, 50, expires_at_ms=expires_at_ms)
    status: Any = "done"
    return Project(
        name * 16, FIRST_OWNER, "[]", MARCH_MS, status=status, ended_at_ms=MARCH_MS, movie=movie
    )


@pytest.fixture(scope="module")
def made(api: Place) -> dict[str, Any]:
    """Projects of movies. expired, deleted: of none that is there any more; used: of one that is,
    though its time is over; fresh: of none, but it has time; evicted: of one that was made, and
    went.
    """
    evicted = api.post(MOVIE)
    key = "movies/" + api.ended(evicted)["url"].partition("/movies/")[2]
    over_ms, later_ms = MARCH_MS + 30 * DAY_MS, int(time.time() * 1000) + DAY_MS
    none = f"movies/{'0' * 64}.mp4"
    used = api.post({**MOVIE, "comment": "used", "fps": 12})
    there = "movies/" + api.ended(used)["url"].partition("/movies/")[2]
    for project in (
        _done("e", none, over_ms),
        _aside(_done("u", there, over_ms)),
        _aside(_done("f", none, later_ms)),
        _aside(_done("d", none, over_ms)),
    ):
        api.projects.add(project)
    assert api.projects.delete("d" * 16, MARCH_MS + 1)
    api.objects.delete(key)
    return {
        "expired": "e" * 16,
        "used": "u" * 16,
        "fresh": "f" * 16,
        "deleted": "d" * 16,
        "evicted": evicted,
    }


def _aside(project: Project) -> Project:
    """Not in the list of its day."""
    return replace(project, created_at_ms=MARCH_MS - 40 * DAY_MS)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Place, made: dict[str, Any]) -> None:
    row.hold(api, made)
