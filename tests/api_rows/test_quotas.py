"""Quotas of owners: what is answered when one is used up, and how often may be asked."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from api_places import PAGE, QUOTAS, Place
from resplice.core.quotas import Bounds
from spec_rows import Ask, Row, row
from web_server import Handler, Server

LIST, POST, GET = "GET /v2/movies", "POST /v2/movies", "GET /v2/movies?project="
USED_UP = "You exceeded the quota of movies in your plan. Please upgrade your plan to continue."
SMALL = {"width": 64, "height": 50, "fps": 10}
DONE = {"status": 200, "has": {"movie.status": "done"}, "in_time": True}
HASTY = {
    "X-RateLimit-Limit": "1",
    "X-RateLimit-Remaining": "0",
    "X-RateLimit-Reset": "1",
}
UNLIMITED = {f"X-RateLimit-{name}": None for name in ("Limit", "Remaining", "Reset")}


def movie(owner: str, colour: str) -> dict[str, Any]:
    """Of that owner: they share what is made of equal ones."""
    return {**SMALL, "scenes": [{"duration": 1, "background-color": colour}], "comment": owner}


def posted(owner: str, colour: str) -> Ask:
    return Ask(POST, sends=movie(owner, colour), key=owner, keeps={"own": "project"})


def used_up(owner: str, words: str) -> Ask:
    message = re.compile(re.escape(USED_UP) + f".*{words}.*")
    sends = movie(owner, "#0a0b0e")
    return Ask(
        POST,
        401,
        {"success": False, "message": message},
        only="success message",
        key=owner,
        sends=sends,
    )


KEYS = {
    "one-movie": Bounds(movies=1),
    "one-second": Bounds(seconds=1),
    "two-seconds": Bounds(seconds=2),
    "no-dollars": Bounds(micro_usd=0),
    "as-many-as": Bounds(),
}
"""Of one owner, by name."""


def beyond(key: str, colour: str, words: str) -> Ask:
    """Refused like an owner's, and told of the key."""
    message = re.compile(re.escape(f"{USED_UP} (This API key has {words}") + ".*")
    return Ask(
        POST,
        401,
        {"success": False, "message": message},
        only="success message",
        told={**UNLIMITED, "Retry-After": None},
        key=key,
        sends=movie(key, colour),
    )


ROWS = (
    row(
        "the movies of a day of one key are counted for it alone, and what is there is free",
        posted("one-movie", "#0b0a01"),
        Ask(f"{GET}{{own}}", key="one-movie", **DONE),
        beyond("one-movie", "#0b0a02", "1 movie a day, and as many were taken in today"),
        Ask(
            f"{POST}?dry-run=make",
            401,
            {"message": re.compile(".*This API key has 1 movie a day.*")},
            key="one-movie",
            sends=movie("one-movie", "#0b0a02"),
        ),
        Ask(f"{POST}?dry-run=true", key="one-movie", sends=movie("one-movie", "#0b0a02")),
        posted("one-movie", "#0b0a01"),
        posted("as-many-as", "#0b0a03"),
        posted("as-many-as", "#0b0a04"),
    ),
    row(
        "the seconds of a day of one key are taken before a scene is rendered, and told",
        Ask(LIST, has={"remaining_quota.time": 1}, key="one-second"),
        posted("one-second", "#0b0b01"),
        Ask(f"{GET}{{own}}", key="one-second", **DONE),
        Ask(LIST, has={"remaining_quota.time": 0}, key="one-second"),
        beyond("one-second", "#0b0b02", "1 second a day, and 1 second were rendered today"),
        posted("one-second", "#0b0b01"),
        Ask(LIST, has={"remaining_quota.time": 1_000_000_000}, key="as-many-as"),
    ),
    row(
        "more seconds than a key has left end the movie in the same words",
        Ask(
            POST,
            sends={
                **movie("as-many-as", "#0b0d01"),
                "scenes": [
                    {"duration": 1.5, "background-color": colour}
                    for colour in ("#0b0d01", "#0b0d02")
                ],
            },
            key="two-seconds",
            keeps={"own": "project"},
        ),
        Ask(
            f"{GET}{{own}}",
            key="two-seconds",
            has={
                "movie.status": "error",
                "movie.message": re.compile(".*This API key has 2 seconds a day, and the 3 sec.*"),
            },
            in_time=True,
        ),
    ),
    row(
        "who may pay nobody may render what is paid to nobody",
        posted("no-dollars", "#0b0c01"),
        Ask(f"{GET}{{own}}", key="no-dollars", **DONE),
    ),
    row(
        "of whom nothing is limited no limits are told",
        Ask(f"{LIST}?limit=1", told={**UNLIMITED, "Retry-After": None}),
    ),
    row(
        "the seconds of a day are told with every answer, and when they are used up it is 401",
        Ask(LIST, has={"remaining_quota.time": 1}, key="spent"),
        posted("spent", "#0a0b0c"),
        Ask(f"{GET}{{own}}", key="spent", **DONE),
        Ask(f"{GET}{{own}}", has={"remaining_quota.time": 0}, key="spent"),
        used_up("spent", "1 of 1 seconds were rendered today"),
        # Who has used it up may look, have what is in the cache, and delete.
        Ask(LIST, has={"movies.0.project": "{own}", "remaining_quota.time": 0}, key="spent"),
        posted("spent", "#0a0b0c"),
        Ask(f"{GET}{{own}}", has={"movie.status": "done"}, key="spent"),
        Ask("DELETE /v2/movies?project={own}", key="spent"),
    ),
    row(
        "the bytes of a day are those of the files",
        posted("heavy", "#0c0b0c"),
        Ask(f"{GET}{{own}}", key="heavy", **DONE),
        used_up("heavy", "of 1 bytes were rendered today"),
    ),
    row(
        "who asks too often is told 429, the limit, and when to ask again; and then is answered",
        Ask(
            LIST,
            429,
            {"success": False, "message": re.compile("At most 1 requests a second .*")},
            only="success message",
            told={"Retry-After": "1", **HASTY},
            key="hasty",
            in_time=True,
        ),
        Ask(
            LIST,
            told={"Retry-After": None, **HASTY},
            key="hasty",
            in_time=True,
        ),
    ),
    row(
        "the limits are told of a request that is refused, and with what is no plain answer",
        Ask(f"{GET}none", 400, told=HASTY, key="hasty", in_time=True),
        Ask(
            POST,
            sends=movie("hasty", "#0d0e11"),
            key="hasty",
            keeps={"own": "project"},
            in_time=True,
        ),
        Ask("GET /v2/stills?project={own}&at=0", 202, told=HASTY, key="hasty", in_time=True),
    ),
    row(
        "a web page may read the limits",
        Ask(
            LIST,
            429,
            told={
                "Access-Control-Allow-Origin": PAGE,
                "Access-Control-Expose-Headers": re.compile(".*retry-after.*x-ratelimit-limit.*"),
            },
            headers={"Origin": PAGE},
            key="hasty",
            in_time=True,
        ),
    ),
    row(
        "a template, and a file, are asked for in the same second",
        Ask("GET /v2/templates", 429, {"message": str}, key="hasty", in_time=True),
        Ask("GET /v2/media", 429, {"message": str}, key="hasty", in_time=True),
    ),
)


@pytest.fixture(scope="module", autouse=True)
def _owners(api: Place) -> None:
    for owner in QUOTAS:
        api.let_in(owner)
    for name, bounds in KEYS.items():
        api.let_in(name, "of-many-keys", bounds)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Place) -> None:
    row.hold(api)


def test_no_more_movies_are_taken_than_may_be_rendered_at_a_time(api: Place, web: Server) -> None:
    go_on = threading.Event()

    def wait(to: Handler) -> None:
        go_on.wait(50)
        to.give(404)

    path = f"/crowded-{api.port}.png"
    web.answers[path] = wait
    image = {"type": "image", "src": web.url(path)}
    waiting = {**movie("crowded", "#0d0e0f"), "elements": [image]}
    full = {
        "told": {"Retry-After": "5", "X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0"},
        "has": {"success": False, "message": re.compile("1 movies of yours are being rendered.*")},
    }
    other = movie("crowded", "#0d0e10")
    made: dict[str, Any] = {}
    Ask(POST, sends=waiting, key="crowded", keeps={"own": "project"}).hold(api, made)
    Ask(POST, 429, sends=other, key="crowded", **full).hold(api, made)
    go_on.set()
    ended = {"movie.status": "error"}
    Ask(f"{GET}{{own}}", has=ended, key="crowded", in_time=True).hold(api, made)
    Ask(POST, sends=other, key="crowded").hold(api, made)
