"""A picture of a movie is asked for, made without rendering it, and looked at as a movie is."""

from __future__ import annotations

import http.client
import json
import re
import time
from typing import Any

import pytest
from api_places import Place
from served import TIMESTAMP, Calls
from spec_rows import Ask, Row, row

MOVIE = {"width": 64, "height": 50, "fps": 10, "scenes": [{"background-color": "#204080"}]}
SHORT = {**MOVIE, "scenes": [{"duration": 2}]}
ID = re.compile(r"[A-Za-z0-9]{16}")
GET = "GET /v2/movies?project={own}"
KEY = {"Idempotency_Key": "still-7"}


def asked(query: str, **more: object) -> Ask:
    has, keeps = {"success": True, "project": ID}, {"own": "project"}
    told = {"sends": MOVIE, "keeps": keeps, **more}
    return Ask(f"POST /v2/stills?{query}", 200, has, only="success project", **told)  # type: ignore[arg-type]


def refused(query: str, message: str) -> Ask:
    return Ask(f"POST /v2/stills?{query}", 400, {"message": message}, sends=MOVIE)


ROWS = (
    row(
        "a frame is made, and no movie",
        asked("at=1.5"),
        Ask(
            GET,
            200,
            {
                "movie.success": True,
                "movie.status": "done",
                "movie.message": "A picture is made; no movie was rendered",
                "movie.progress": 100,
                "movie.url": re.compile(r"http.*/movies/[0-9a-f]{64}\.png"),
                "movie.thumbnail": None,
                "movie.ass": False,
                "movie.duration": 0,
                "movie.width": 64,
                "movie.height": 50,
                "movie.cache.movie.result": None,
                "movie.cache.scenes": [],
            },
            in_time=True,
        ),
        asked("at=1.5"),
        Ask(GET, 200, {"movie.status": "done"}, in_time=True),
        Ask("GET /v2/movies?limit=1", 200, {"movies.0.kind": "still"}),
        Ask("POST /v2/movies?dry-run=true", 200, {"plan.movie.result": "miss"}, sends=MOVIE),
    ),
    row(
        "frames are made on a sheet",
        asked("sheet=3x2"),
        Ask(
            GET,
            200,
            {"movie.status": "done", "movie.width": 3 * 72 + 8, "movie.height": 2 * 58 + 8},
            in_time=True,
        ),
    ),
    row(
        "a time at which the movie is over fails in the status",
        asked("at=2", sends=SHORT),
        Ask(
            GET,
            200,
            {
                "movie.status": "error",
                "movie.kind": "still",
                "movie.url": None,
                "movie.message": "There is no frame at 2 s: the movie is 2 s long, and its last"
                " frame is at 1.9 s",
            },
            in_time=True,
        ),
    ),
    row(
        "what says no frame is refused at once",
        refused("", "A time in seconds must be provided in the 'at' query parameter, or '4x3' in"
        " 'sheet'"),
        refused("at=1&sheet=2x2", "A time in seconds must be provided in the 'at' query parameter,"
        " or '4x3' in 'sheet'"),
        refused("at=-1", "'at' must be a number of seconds, 0 or more"),
        refused("at=nan", "'at' must be a number of seconds, 0 or more"),
        refused("sheet=11x1", "'sheet' must be columns and rows, such as 4x3, 10 each at most"),
        refused("at=1&pay=maybe", "'pay' must be true or false"),
        Ask("POST /v2/stills?at=1", 400, {"errors.0.path": "fps"}, sends={**MOVIE, "fps": 0}),
    ),
    row(
        "one idempotency key is one picture, and another one is another request",
        asked("at=0.1", headers=KEY),
        Ask("POST /v2/stills?at=0.1", 200, {"project": "{own}"}, sends=MOVIE, headers=KEY),
        Ask("POST /v2/stills?at=0.2", 409, {"message": str}, sends=MOVIE, headers=KEY),
        Ask("POST /v2/movies", 409, {"message": str}, sends=MOVIE, headers=KEY),
    ),
    row(
        "it is deleted as a movie is, and stays listed",
        asked("at=0.3", sends={**MOVIE, "comment": "deleted"}),
        Ask(GET, 200, {"movie.status": "done"}, in_time=True),
        Ask("DELETE /v2/movies?project={own}", 200, {"deleted_at": TIMESTAMP}),
        Ask(GET, 200, {"movie.status": "done", "movie.url": None, "movie.deleted_at": TIMESTAMP}),
    ),
)  # fmt: skip


ASKS = (
    row(
        "the still of a project that fails says why",
        Ask("POST /v2/movies", 200, sends=SHORT, keeps={"movie": "project"}),
        Ask(
            "GET /v2/stills?project={movie}&at=2",
            400,
            {"success": False, "message": "There is no frame at 2 s: the movie is 2 s long, and its"
            " last frame is at 1.9 s"},
            only="success project message",
            told={"Cache-Control": "no-store"},
            in_time=True,
        ),
    ),
    row(
        "what says no project or no frame has no still",
        Ask("GET /v2/stills?at=1", 400, {"errors.0.path": "project"}),
        Ask("GET /v2/stills?project={own}&at=1", 400, {"errors.0.path": "project"}),
        Ask("GET /v2/stills?project=AAAAAAAAAAAAAAAA", 400, {"errors.0.path": "at"}),
        Ask(
            "GET /v2/stills?project=AAAAAAAAAAAAAAAA&at=1",
            400,
            {"message": "No movie found with project ID AAAAAAAAAAAAAAAA"},
        ),
    ),
    row(
        "to look pays nobody",
        Ask("POST /v2/movies", 200, sends=SHORT, keeps={"movie": "project"}),
        Ask(
            "GET /v2/stills?project={movie}&at=1&pay=true",
            400,
            {
                "message": "'pay' is for POST: to have a still that costs something, post the"
                " movie's document",
                "errors.0.path": "pay",
            },
        ),
        Ask("GET /v2/stills?project={movie}&at=1&pay=false", 202),
    ),
    row(
        "a movie that was deleted has no stills",
        Ask("POST /v2/movies", 200, sends=SHORT, keeps={"movie": "project"}),
        Ask("DELETE /v2/movies?project={movie}", 200),
        Ask(
            "GET /v2/stills?project={movie}&at=1",
            400,
            {"message": "The movie was deleted: post its document to have stills of it"},
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", ASKS, ids=str)
def test_asked_row(row: Row, api: Calls) -> None:
    row.hold(api)


def test_the_still_of_a_project_is_made_once_and_led_to(api: Place) -> None:
    document = {**SHORT, "height": 52}
    made = api.post(document)
    path = f"/v2/stills?project={made}&at=0.7"
    began, answer = api.answered("GET", path)
    assert (began.status, began.getheader("Retry-After")) == (202, "1")
    assert answer.keys() == {"success", "project", "status"} and answer["project"] != made
    way, body = led(api, path)
    place = way.getheader("Location") or ""
    assert (way.status, body, way.getheader("Cache-Control")) == (302, b"", "no-store")
    assert place == api.ended(answer["project"])["url"]
    picture, content = api.call("GET", place[place.index("/movies/") :], key=None)
    assert picture.getheader("Content-Type") == "image/png" and content.startswith(b"\x89PNG")
    _, posted = api.json("POST", "/v2/stills?at=0.7", document)
    assert api.ended(posted["project"])["url"] == place, "one fingerprint: nothing is made twice"

    api.let_in("another")
    status, refused = api.json("GET", path, key="another")
    assert (status, refused["message"]) == (400, f"No movie found with project ID {made}")

    assert api.json("DELETE", f"/v2/movies?project={answer['project']}")[0] == 200
    again, _ = led(api, path)
    assert again.getheader("Location") == place, "made anew, of the same bytes"
    sheet, _ = led(api, f"/v2/stills?id={made}&sheet=2x1")
    assert sheet.getheader("Location") != place


def test_a_head_begins_nothing(api: Place) -> None:
    made = api.post({**SHORT, "height": 54})
    path = f"/v2/stills?project={made}&at=0.7"
    _, before = api.json("GET", "/v2/movies")
    assert [api.call("HEAD", path)[0].status for _ in range(2)] == [400, 400]
    assert api.json("GET", "/v2/movies")[1]["count"] == before["count"]
    picture, _ = led(api, path)
    looked, nothing = api.call("HEAD", path)
    assert (looked.status, nothing) == (302, b"")
    assert looked.getheader("Location") == picture.getheader("Location")


def led(api: Calls, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    """The answer of who asks for a still until it is there."""
    until_s, projects = time.monotonic() + 50, set[Any]()
    while True:
        response, body = api.call("GET", path)
        if response.status != 202:
            assert len(projects) <= 1, "who asks again begins nothing"
            return response, body
        projects.add(json.loads(body)["project"])
        assert time.monotonic() < until_s, body
        time.sleep(0.05)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Calls) -> None:
    row.hold(api)
