"""What a plan needs is made when it is asked for, and no movie."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from resplice.steps.execution.record import ELEMENTS_MADE
from served import TIMESTAMP, Calls
from spec_rows import Ask, Row, row
from studio import clip
from web_server import Server

MAKE, PLAN = "POST /v2/movies?dry-run=make", "POST /v2/movies?dry-run=true"
POST, GET = "POST /v2/movies", "GET /v2/movies?project={own}"
ID = re.compile(r"[A-Za-z0-9]{16}")
CANVAS = {"width": 64, "height": 50, "fps": 10}
PLAIN = {**CANVAS, "scenes": [{"duration": 1, "background-color": "#a1b2c3"}]}
SCENE = {"elements": [{"type": "video", "src": "{card}"}]}
MOVIE = {**CANVAS, "scenes": [SCENE, {**SCENE, "duration": 1}]}
GONE = {**CANVAS, "scenes": [{"elements": [{"type": "video", "src": "{gone}"}]}]}
KEY = {"Idempotency_Key": "make-7"}


def asked_to_make(movie: Any, **more: Any) -> Ask:
    has, keeps = {"success": True, "project": ID}, {"own": "project"}
    return Ask(MAKE, 200, has, only="success project", sends=movie, keeps=keeps, **more)


def ends(**has: Any) -> Ask:
    return Ask(GET, 200, {f"movie.{name}": what for name, what in has.items()}, in_time=True)


ROWS = (
    row(
        "a movie's elements are made, and then its plan is whole",
        Ask(PLAN, 200, {"plan.complete": False, "plan.duration": None}, sends=MOVIE),
        asked_to_make(MOVIE),
        Ask(
            GET,
            200,
            {
                "movie.success": True,
                "movie.status": "done",
                "movie.message": ELEMENTS_MADE,
                "movie.kind": "elements",
                "movie.progress": 100,
                "movie.ended_at": TIMESTAMP,
                "movie.url": None,
                "movie.thumbnail": None,
                "movie.duration": None,
                "movie.size": None,
                "movie.expires_at": None,
                "movie.consumed_credits": [],
                "movie.cache.movie.result": None,
                "movie.cache.scenes": [],
                "movie.cache.elements.0.result": "miss",
            },
            in_time=True,
        ),
        Ask("GET /v2/movies/{own}/cache", 200, {"cache.elements.0.why": ["not made before"]}),
        Ask(
            PLAN,
            200,
            {"plan.complete": True, "plan.duration": 1.5, "plan.frames": 15, "plan.to_make": []},
            sends=MOVIE,
        ),
        Ask(POST, 200, sends=MOVIE, keeps={"own": "project"}),
        ends(status="done", duration=1.5, **{"cache.elements.0.result": "hit"}),
        asked_to_make(MOVIE),
        Ask(GET, 200, {"movie.status": "done", "movie.url": str, "movie.message": ""}),
    ),
    row(
        "what needs no elements is planned, and nothing is rendered",
        asked_to_make(PLAIN),
        ends(status="done", url=None, message=ELEMENTS_MADE),
        Ask(PLAN, 200, {"plan.complete": True, "plan.movie.result": "miss"}, sends=PLAIN),
    ),
    row(
        "a dead source fails it as it fails a movie",
        asked_to_make(GONE),
        ends(
            status="error",
            success=False,
            message="Scene #1, element #1: Failed to download '{gone}' (404)",
        ),
    ),
    row(
        "an element without a source is taken, and fails in the status",
        asked_to_make({**CANVAS, "scenes": [{"elements": [{"type": "image"}]}]}),
        ends(status="error", message=re.compile(".*requires a 'src' property.")),
    ),
    row(
        "what is no movie is refused at once",
        Ask(MAKE, 400, {"errors.0.path": "fps"}, sends={**PLAIN, "fps": 0}),
        Ask(
            "POST /v2/movies?dry-run=perhaps",
            400,
            {"message": "'dry-run' must be true, false, make or forecast"},
            sends=PLAIN,
        ),
    ),
    row(
        "one idempotency key is one project, and the movie is another request",
        asked_to_make({**PLAIN, "cache": False}, headers=KEY),
        Ask(MAKE, 200, {"project": "{own}"}, sends={**PLAIN, "cache": False}, headers=KEY),
        Ask(POST, 409, {"message": str}, sends={**PLAIN, "cache": False}, headers=KEY),
    ),
    row(
        "it is deleted as a movie is, and stays listed",
        asked_to_make({**PLAIN, "comment": "deleted"}),
        ends(status="done"),
        Ask(
            "DELETE /v2/movies?project={own}",
            200,
            {"project": "{own}", "deleted_at": TIMESTAMP},
            keeps={"at": "deleted_at"},
        ),
        Ask(GET, 200, {"movie.status": "done", "movie.deleted_at": "{at}", "movie.url": None}),
    ),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, web: Server) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("card")
    body = clip(folder / "card.mp4", 0.5).read_bytes()
    web.answers["/half-a-second.mp4"] = lambda to: to.give(200, body, ETag='"card"')
    return {"card": web.url("/half-a-second.mp4"), "gone": web.url("/gone.png")}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Calls, made: dict[str, Any]) -> None:
    row.hold(api, made)
