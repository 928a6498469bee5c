"""Movies: created, looked at, listed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from served import TIMESTAMP, Calls
from spec_rows import Ask, Row, row
from web_server import Server

POST, GET = "POST /v2/movies", "GET /v2/movies?project="
ID = re.compile(r"[A-Za-z0-9]{16}")
NUMBER = (int, float)
SCENE = {"duration": 1, "background-color": "#123456"}
MOVIE = {"width": 64, "height": 50, "fps": 10, "scenes": [SCENE]}
UNMADE = {"type": "text", "text": "This is not made"}
CREATED = {"success": True, "project": ID}
ENDS = {"in_time": True}
UNREADABLE = re.compile("Error parsing movie JSON or the movie was empty.*")


def created(movie: Any, **more: Any) -> Ask:
    return Ask(POST, 200, CREATED, only="success project", sends=movie, keeps={"own": "project"})


def refused(says: str, sends: Any, message: Any) -> Row:
    return row(says, Ask(POST, 400, {"message": message}, sends=sends))


ROWS = (
    row("a new movie is 200 with success and a project of 16 letters", created(MOVIE)),
    row("no Content-Type is needed", Ask(POST, 200, CREATED, sends=json.dumps(MOVIE).encode())),
    row("every POST is a project of its own", created(MOVIE), Ask(f"{GET}{{own}}"), created(MOVIE)),
    *(
        row(f"what clients add is let be: {name}", created({**MOVIE, name: value}))
        for name, value in {
            "project": "AAAAAAAAAAAAAAAA",
            "apiKey": "secret",
            "client_data": {"a": 1},
            "background_color": "#fff",
            "settings": {},
            "__thumbnail": "x",
            "__preview": True,
        }.items()
    ),
    refused("an empty body has no movie", b"", "No movie JSON received"),
    refused("{} is an empty movie", b"{}", UNREADABLE),
    refused("[] of the PHP SDK is an empty movie", b"[]", UNREADABLE),
    refused("null is no valid movie", b"null", "No valid movie JSON received"),
    refused("what is no JSON cannot be parsed", b"{", UNREADABLE),
    row(
        "a movie that is done",
        Ask(
            f"{GET}{{done}}",
            200,
            {
                "success": True,
                "movie.success": True,
                "movie.status": "done",
                "movie.message": "",
                "movie.project": "{done}",
                "movie.kind": "movie",
                "movie.url": re.compile(r"http://.*\.mp4"),
                "movie.ass": False,
                "movie.created_at": TIMESTAMP,
                "movie.ended_at": TIMESTAMP,
                "movie.duration": NUMBER,
                "movie.size": int,
                "movie.width": 64,
                "movie.height": 50,
                "movie.rendering_time": NUMBER,
                "movie.client-data": {"order": 7, "texts": ["é"]},
                "movie.consumed_credits": list,
                "movie.id": "mine",
                "movie.progress": 100,
                "movie.expires_at": None,
                "movie.thumbnail": re.compile(r"http://.*\.jpg"),
                "movie.json": "{document}",
                "remaining_quota.movies": int,
                "remaining_quota.drafts": int,
                "remaining_quota.time": int,
            },
        ),
    ),
    row(
        "format=simple leaves the document out",
        Ask(f"{GET}{{done}}&format=simple", 200, {"movie.status": "done"}, lacks=("movie.json",)),
    ),
    row(
        "id is another word for project", Ask("GET /v2/movies?id={done}", has={"movie.id": "mine"})
    ),
    row(
        "a movie that failed is 200 with success, and says where and why",
        Ask(
            f"{GET}{{failed}}",
            200,
            {
                "success": True,
                "movie.success": False,
                "movie.kind": "movie",
                "movie.status": "error",
                "movie.message": "Scene #1, element #1: Failed to download '{gone}' (404)",
                "movie.url": None,
                "movie.ass": False,
                "movie.client-data": {},
                "remaining_quota.time": int,
            },
        ),
    ),
    row(
        "elements without a src are taken, and fail in the status",
        created({**MOVIE, "scenes": [{"elements": [{"type": "audio"}, {"type": "image"}]}]}),
        Ask(
            f"{GET}{{own}}",
            200,
            {
                "success": True,
                "movie.success": False,
                "movie.status": "error",
                "movie.message": "\n".join(
                    f"Scene #1, element #{number}: The element type '{kind}' requires a 'src'"
                    " property."
                    for number, kind in ((1, "audio"), (2, "image"))
                ),
                "movie.consumed_credits": [],
            },
            in_time=True,
        ),
    ),
    row(
        "a dry run of them is refused at once, and so is what is wrong besides",
        Ask(
            "POST /v2/movies?dry-run=true",
            400,
            {"errors.0.path": "scenes[0].elements[0].src"},
            sends={"scenes": [{"elements": [{"type": "image"}]}]},
        ),
        Ask(
            "POST /v2/movies",
            400,
            {"errors.0.path": "fps", "errors.1.path": "scenes[0].elements[0].src"},
            sends={"fps": 0, "scenes": [{"elements": [{"type": "image"}]}]},
        ),
    ),
    row(
        "message and remaining_quota are there on every poll",
        created({**MOVIE, "comment": "polled", "scenes": [SCENE, SCENE]}),
        Ask(
            f"{GET}{{own}}",
            200,
            {
                "movie.status": re.compile("pending|running|done"),
                "movie.message": str,
                "remaining_quota.time": int,
            },
        ),
        Ask(f"{GET}{{own}}", 200, {"movie.status": "done", "movie.message": ""}, in_time=True),
    ),
    row(
        "the same movie again is done in its first poll",
        created({**MOVIE, "id": "another"}),
        Ask(f"{GET}{{own}}", 200, {"movie.status": "done", "movie.url": str}),
    ),
    row(
        "a project that nobody knows is 400 with a message",
        Ask(f"{GET}ZZZZZZZZZZZZZZZZ", 400, {"message": str}, only="success message"),
    ),
    row(
        "a project that is none is 400", Ask(f"{GET}", 400, {"message": re.compile(".*16-char.*")})
    ),
    row(
        "one idempotency key is one project",
        Ask(
            POST,
            200,
            CREATED,
            sends=MOVIE,
            headers={"Idempotency_Key": "order-7"},
            keeps={"own": "project"},
        ),
        Ask(POST, 200, {"project": "{own}"}, sends=MOVIE, headers={"Idempotency_Key": "order-7"}),
    ),
    row(
        "a dry run says what would be done, and does nothing",
        Ask(
            f"{POST}?dry-run=true",
            200,
            {
                "success": True,
                "plan.complete": True,
                "plan.movie.result": "miss",
                "plan.duration": NUMBER,
                "plan.frames": 25,
                "plan.cost_usd": NUMBER,
            },
            lacks=("project",),
            sends={**MOVIE, "scenes": [{"duration": 2.5, "background-color": "#abcdef"}]},
        ),
    ),
    row(
        "a dry run tells of slips of the pen though elements are not made",
        Ask(
            f"{POST}?dry-run=true",
            200,
            {
                "plan.complete": False,
                "plan.warnings": [
                    "resolutoin is not known and does nothing; did you mean 'resolution'? "
                    "[unknown-key]"
                ],
            },
            sends={"resolutoin": "hd", "scenes": [{"elements": [UNMADE]}]},
        ),
    ),
    row(
        "a movie is deleted, softly, again and again",
        created({**MOVIE, "comment": "to be deleted", "cache": False}),
        Ask(f"{GET}{{own}}", 200, {"movie.status": "done"}, in_time=True),
        Ask(
            "DELETE /v2/movies?project={own}",
            200,
            {"success": True, "project": "{own}", "deleted_at": TIMESTAMP},
            only="success project deleted_at",
            keeps={"at": "deleted_at"},
        ),
        Ask("DELETE /v2/movies?id={own}", 200, {"project": "{own}", "deleted_at": "{at}"}),
        Ask(
            f"{GET}{{own}}",
            200,
            {
                "movie.url": None,
                "movie.deleted_at": "{at}",
                "movie.status": "done",
                "movie.message": "The movie was deleted",
            },
        ),
    ),
    row(
        "what nobody knows is not deleted",
        Ask("DELETE /v2/movies?project=ZZZZZZZZZZZZZZZZ", 400, {"message": str}),
    ),
    row(
        "to delete one its project is needed",
        Ask("DELETE /v2/movies", 400, {"message": re.compile("A 16-character project ID .*")}),
    ),
    row(
        "a list has its range, its length and whether it goes on",
        Ask(
            "GET /v2/movies",
            200,
            {
                "success": True,
                "from": TIMESTAMP,
                "to": TIMESTAMP,
                "count": int,
                "limit": 100,
                "has_next": False,
                "has_prev": False,
                "next_token": None,
                "movies.0.project": ID,
                "remaining_quota.time": int,
            },
        ),
    ),
    row(
        "a list ignores format=simple",
        Ask("GET /v2/movies?format=simple&limit=1", 200, {"movies.0.json": str, "limit": 1}),
    ),
    row(
        "a page's token leads to the next page",
        Ask(
            "GET /v2/movies?limit=1",
            200,
            {"count": 1, "has_next": True, "next_token": str},
            keeps={"token": "next_token", "first": "movies.0.project"},
        ),
        Ask(
            "GET /v2/movies?limit=1&next_token={token}",
            200,
            {"count": 1, "movies.0.project": re.compile("(?!{first})[A-Za-z0-9]{16}")},
        ),
    ),
    *(
        row(
            f"a list may be asked for by {since} and {until}",
            Ask(f"GET /v2/movies?{since}=2026-01-01&{until}=2026-02-01", 200, {"count": 0}),
        )
        for since, until in (("date_start", "date_end"), ("from", "to"))
    ),
    row(
        "a list spans 93 days at most",
        Ask("GET /v2/movies?date_start=2026-01-01&date_end=2026-08-01", 400, {"message": str}),
    ),
    row("a list holds 100 at most", Ask("GET /v2/movies?limit=101", has={"limit": 100})),
    *(
        row(f"a list of {limit} is refused", Ask(f"GET /v2/movies?limit={limit}", 400))
        for limit in ("0", "many")
    ),
)


@pytest.fixture(scope="module")
def made(api: Calls, web: Server) -> dict[str, Any]:
    """done, failed: projects that have ended; document: what the first was made from."""
    whole = {**MOVIE, "id": "mine", "client-data": {"order": 7, "texts": ["é"]}}
    document = json.dumps(whole, indent=1)
    status, answer = api.json("POST", "/v2/movies", document.encode())
    assert status == 200, answer
    gone = web.url("/gone.png")
    missing = {"elements": [{"type": "image", "src": gone}]}
    failed = api.post({**MOVIE, "scenes": [missing]})
    for project in (answer["project"], failed):
        api.ended(project)
    return {"done": answer["project"], "document": document, "failed": failed, "gone": gone}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Calls, made: dict[str, Any]) -> None:
    row.hold(api, made)


def test_the_file_of_a_movie_needs_no_key(api: Calls, made: dict[str, Any]) -> None:
    movie = api.poll(made["done"])
    response, body = api.call(
        "GET", movie["url"].removeprefix(f"http://127.0.0.1:{api.port}"), key=None
    )
    assert response.status == 200 and len(body) == movie["size"]
    assert response.getheader("Content-Type") == "video/mp4"


def test_the_poster_of_a_movie_needs_no_key(api: Calls, made: dict[str, Any]) -> None:
    url = api.poll(made["done"])["thumbnail"]
    response, body = api.call("GET", url.removeprefix(f"http://127.0.0.1:{api.port}"), key=None)
    assert response.status == 200 and body[:3] == b"\xff\xd8\xff"
    assert response.getheader("Content-Type") == "image/jpeg"


def test_the_file_of_a_deleted_movie_is_gone_and_its_row_stays(api: Calls) -> None:
    project = api.post({**MOVIE, "scenes": [{**SCENE, "background-color": "#0f0e0d"}]})
    path = api.ended(project)["url"].removeprefix(f"http://127.0.0.1:{api.port}")
    assert api.json("DELETE", f"/v2/movies?project={project}")[0] == 200
    assert api.call("GET", path)[0].status == 404
    listed = {each["project"]: each for each in api.json("GET", "/v2/movies")[1]["movies"]}
    assert listed[project]["deleted_at"] and listed[project]["url"] is None
