"""Owners: what one has is unknown to another; what is shared is seen by all, changed by one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from api_places import Place
from spec_rows import Ask, Row, row

SMALL = {
    **{"width": 64, "height": 50, "fps": 10},
    "scenes": [{"duration": 1, "background-color": "#2b3c4d"}],
}
NOT_HERE = {"success": False, "message": re.compile("Template .{20} not found")}
NO_MOVIE = {"success": False, "message": re.compile("No movie found.*")}
FORBIDDEN = {"success": False, "message": re.compile("Insufficient permissions.*")}
NO_FILE = {"success": False, "message": "File not found"}
FILE = {"name": "a.png", "folder": "owned"}


def theirs(asks: str, status: int = 200, has: Any = None, sends: Any = None) -> Ask:
    return Ask(asks, status, has or {}, sends=sends, key="neighbour")


ROWS = (
    row(
        "another's movie is neither seen nor deleted, nor listed",
        theirs("GET /v2/movies?project={movie}", 400, NO_MOVIE),
        theirs("DELETE /v2/movies?project={movie}", 400, {"success": False, "message": str}),
        theirs("GET /v2/movies", has={"count": 0, "movies": []}),
        Ask("GET /v2/movies?project={movie}", has={"movie.url": str}),
    ),
    row(
        "another's template is not there",
        theirs("GET /v2/templates?id={hidden}", 400, NOT_HERE),
        theirs("POST /v2/templates?id={hidden}", 400, NOT_HERE, {"name": "B"}),
        theirs("POST /v2/templates?id={hidden}&action=duplicate", 400, NOT_HERE, {}),
        theirs("POST /v2/movies", 400, NOT_HERE, {"template": "{hidden}"}),
        theirs("DELETE /v2/templates?id={hidden}", 400, NOT_HERE),
        theirs("GET /v2/templates", has={"count": 0, "templates": []}),
    ),
    row(
        "one that is shared is seen, copied and rendered by all, and changed by its owner only",
        theirs(
            "GET /v2/templates?id={shown}", has={"template.owner": False, "template.movie": str}
        ),
        theirs("POST /v2/templates?id={shown}", 403, FORBIDDEN, {"name": "B"}),
        theirs("DELETE /v2/templates?id={shown}", 403, FORBIDDEN),
        Ask(
            "POST /v2/movies",
            sends={"template": "{shown}"},
            key="lodger",
            keeps={"called": "project"},
        ),
        Ask(
            "GET /v2/movies?project={called}",
            has={"movie.status": "done"},
            key="lodger",
            in_time=True,
        ),
        Ask(
            "POST /v2/templates?id={shown}&action=duplicate",
            sends={},
            key="lodger",
            keeps={"copy": "templateId"},
        ),
        Ask("GET /v2/templates?id={copy}", has={"template.owner": True}, key="lodger"),
    ),
    row(
        "another's file is not there, and its name is free",
        theirs("GET /v2/media/file?path=owned/a.png", 400, NO_FILE),
        theirs("DELETE /v2/media/file", 400, NO_FILE, FILE),
        theirs("PUT /v2/media/file", 400, NO_FILE, {**FILE, "destination": ""}),
        theirs("GET /v2/media/folder?path=owned", has={"total_files": 0, "files": []}),
        theirs("GET /v2/media", has={"storage.used_bytes": 0}),
        theirs(
            "POST /v2/media/file",
            has={"uploadUrl": str},
            sends={**FILE, "contentType": "image/png", "size": 4},
        ),
        theirs("DELETE /v2/media/file", sends=FILE),
        Ask("GET /v2/media/file?path=owned/a.png", has={"file.folder": "owned"}),
    ),
    row(
        "another's idempotency key is another key",
        Ask(
            "POST /v2/movies",
            sends=SMALL,
            headers={"Idempotency_Key": "owned"},
            keeps={"own": "project"},
        ),
        Ask(
            "POST /v2/movies",
            has={"project": re.compile("(?!{own}).{16}")},
            sends=SMALL,
            headers={"Idempotency_Key": "owned"},
            key="lodger",
        ),
    ),
)


@pytest.fixture(scope="module")
def made(api: Place) -> dict[str, Any]:
    """movie, hidden, shown: of the first owner, a done movie and two templates. The neighbour has
    nothing; the lodger may have.
    """
    for owner in ("neighbour", "lodger"):
        api.let_in(owner)
    own: dict[str, Any] = {"movie": api.post(SMALL)}
    api.ended(own["movie"])
    for name in ("hidden", "shown"):
        body = {"name": name, "movie": SMALL, "shared": name == "shown"}
        status, told = api.json("POST", "/v2/templates", body)
        assert status == 200, told
        own[name] = told["templateId"]
    png = {**FILE, "contentType": "image/png", "size": 4}
    assert api.json("POST", "/v2/media/file", png)[0] == 200
    return own


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Place, made: dict[str, Any]) -> None:
    row.hold(api, made)
