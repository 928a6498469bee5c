"""What is posted as a movie, beyond that it is one: defaults, calls of templates, keys of repeated
requests; and how movies are found again in the list.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from api_places import Place
from spec_rows import Ask, Row, row
from web_server import Server

POST, GET, LIST = "POST /v2/movies", "GET /v2/movies?project=", "GET /v2/movies"
CREATED = {"success": True, "project": re.compile(r"[A-Za-z0-9]{16}")}
SCENE = {"duration": 1, "background-color": "#1a2b3c"}
SMALL = {"width": 64, "height": 50, "fps": 10, "scenes": [SCENE]}
SRT = "1\n00:00:00,200 --> 00:00:00,800\nHello\n"
MINE = {"Idempotency_Key": "order-8"}
USED = re.compile("This Idempotency-Key was used for another request less than 24 hours ago.*")
PLACE = "scenes[0].background-color"
MEANT = "did you mean 'colour'?"
ADD_IT = "add it to 'variables' [unknown-variable]"
SLIP = "is not known and does nothing; did you mean 'destinations'? [unknown-key]"
WANTED = "A 16-character project ID must be provided in the 'project' query parameter"


def created(movie: dict[str, Any], **more: Any) -> Ask:
    keeps = {"own": "project"}
    return Ask(POST, 200, CREATED, only="success project", sends=movie, keeps=keeps, **more)


def done(**has: Any) -> Ask:
    told = {f"movie.{name}": value for name, value in has.items()}
    return Ask(f"{GET}{{own}}", has={"movie.status": "done", **told}, in_time=True)


def listed(query: str, status: int = 200, **has: Any) -> Ask:
    return Ask(f"{LIST}?{query}", status, {name.replace("__", "."): has[name] for name in has})


ROWS = (
    row("of no size it is 640x360", created({"scenes": [SCENE]}), done(width=640, height=360)),
    row(
        "a resolution wins over a size",
        created({"resolution": "sd", "width": 64, "height": 50, "scenes": [SCENE]}),
        done(width=640, height=360),
    ),
    row(
        "a movie with subtitles has their file",
        created({**SMALL, "elements": [{"type": "subtitles", "captions": SRT}]}),
        done(ass=re.compile(r"http://.*\.ass")),
    ),
    row(
        "client-data and id are left out when they were not said",
        created(SMALL),
        Ask(f"{GET}{{own}}", has={"movie.client-data": {}}, lacks=("movie.id",)),
    ),
    row(
        "another body under a used idempotency key is a conflict",
        created({**SMALL, "comment": "8"}, headers=MINE),
        Ask(POST, 409, {"success": False, "message": USED}, sends=SMALL, headers=MINE),
    ),
    row(
        "an idempotency key is a short text",
        Ask(POST, 400, {"message": str}, sends=SMALL, headers={"Idempotency_Key": "k" * 256}),
    ),
    row("what is no whole size is refused", Ask(POST, 400, sends={**SMALL, "width": "wide"})),
    row(
        "a call's resolution, fps, quality, cache and comment win over the template's",
        created(
            {
                "template": "{template}",
                **{"resolution": "sd", "fps": 5, "quality": "low"},
                **{"cache": False, "comment": "called", "variables": {"colour": "#00ff00"}},
            }
        ),
        done(width=640, height=360),
        Ask("GET /v2/movies/{own}/cache", has={"cache.movie.result": "bypass"}),
    ),
    row(
        "a call's exports are those of its movie",
        created(
            {
                "template": "{template}",
                "exports": [{"destinations": [{"type": "webhook", "endpoint": "{hook}"}]}],
            }
        ),
        done(**{"exports.0.status": "delivered", "exports.0.where": "{web}"}),
    ),
    row(
        "what a call names otherwise than its template is told, though the movie is the same",
        created({"template": "{template}"}),
        done(),
        Ask(f"{GET}{{own}}", lacks=("movie.cache.warnings",)),
        created({"template": "{template}", "variables": {"color": "#00ff00"}}),
        done(
            **{"cache.warnings": [f"variables.color is used nowhere; {MEANT} [unused-variable]"]},
            **{"cache.movie.result": "hit"},
        ),
    ),
    row(
        "a variable that there is not is told where it is asked for",
        created({**SMALL, "scenes": [{**SCENE, "background-color": "{{ colour }}"}]}),
        done(**{"cache.warnings": [f"{PLACE}: there is no variable 'colour'; {ADD_IT}"]}),
    ),
    row(
        "a slip in exports is told of a movie that is in the cache too",
        created({**SMALL, "exports": [{"destinations": [], "destination": 1}]}),
        done(**{"cache.warnings": [f"exports[0].destination {SLIP}"]}),
        created(SMALL),
        Ask(f"{GET}{{own}}", has={"movie.status": "done"}, lacks=("movie.cache.warnings",)),
        created({**SMALL, "exports": [{"destinations": [], "destinatoins": 1}]}),
        done(**{"cache.warnings": [f"exports[0].destinatoins {SLIP}"]}),
    ),
    row(
        "without dates a list is of this month, to the end of today",
        listed(
            "limit=1",
            **{
                "from": re.compile(r"\d{4}-\d\d-01T00:00:00\.000Z"),
                "to": re.compile(r"\d{4}-\d\d-\d\dT23:59:59\.999Z"),
            },
        ),
    ),
    row(
        "a movie is listed from the moment when it was created, and not from later on",
        created({**SMALL, "comment": "listed"}),
        Ask(f"{GET}{{own}}", keeps={"at": "movie.created_at"}),
        Ask(
            f"{LIST}?date_start={{at}}",
            has={"from": "{at}", "movies.0.project": "{own}", "movies.0.json": str},
        ),
        listed("from={at}&to=2026-01-01", 400, message=str),
    ),
    row(
        "93 days may be listed, and no more",
        listed("from=2026-01-01T00:00:00Z&to=2026-04-04T00:00:00Z", count=0),
        listed("from=2026-01-01T00:00:00Z&to=2026-04-04T00:00:01Z", 400, message=str),
    ),
    row("what is no date is refused", listed("date_start=soon", 400, message=str)),
    row("what is no token is refused", listed("next_token=more", 400, message=str)),
    row(
        "a page that is not the first has others before it",
        *(created(SMALL), created(SMALL)),
        listed("limit=1", has_prev=False, has_next=True),
        Ask(f"{LIST}?limit=1", keeps={"token": "next_token"}),
        listed("limit=1&next_token={token}", has_prev=True, limit=1),
    ),
    row(
        "to delete one its 16 letters are needed",
        Ask("DELETE /v2/movies?project=short", 400, {"success": False, "message": WANTED}),
    ),
)


@pytest.fixture(scope="module")
def made(api: Place, web: Server) -> dict[str, Any]:
    """template: whose movie is small and quick; hook: a receiver, at web."""
    web.answers["/of-a-call"] = lambda to: to.give(200)
    scene = {**SCENE, "background-color": "{{colour}}"}
    movie = {**SMALL, "scenes": [scene], "variables": {"colour": "#112233"}}
    status, told = api.json("POST", "/v2/templates", {"name": "Called", "movie": movie})
    assert status == 200, told
    return {"template": told["templateId"], "hook": web.url("/of-a-call"), "web": web.url("")}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Place, made: dict[str, Any]) -> None:
    row.hold(api, made)
