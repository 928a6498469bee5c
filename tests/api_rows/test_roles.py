"""Who may do what: five roles, each of which may do what those before it may; keys that end."""

from __future__ import annotations

import time
from typing import get_args

import pytest
from api_places import Place
from resplice.ports.api_keys import ApiKey, Role
from resplice.steps.access import digest_of
from spec_rows import Ask, Row, row

ROLES: tuple[Role, ...] = get_args(Role)
REFUSED = {"success": False, "message": "Error: Invalid API Key"}
FORBIDDEN = {"success": False, "message": "Insufficient permissions"}
MOVIE = {"width": 64, "height": 50, "scenes": [{"duration": 1, "background-color": "#654321"}]}
LEAST: dict[str, Role] = {
    "GET /v2/movies?limit=1": "viewer",
    "GET /v2/movies?project=AAAAAAAAAAAAAAAA": "viewer",
    "POST /v2/movies": "render",
    "DELETE /v2/movies?project=AAAAAAAAAAAAAAAA": "render",
    "POST /v2/bulk": "render",
    "GET /v2/bulk?bulk=AAAAAAAAAAAAAAAA": "viewer",
    "GET /v2/media": "render",
    "GET /v2/media/file?path=a": "render",
    "POST /v2/media/file": "render",
    "PUT /v2/media/file": "render",
    "DELETE /v2/media/file": "render",
    "GET /v2/media/folder": "render",
    "POST /v2/media/folder": "render",
    "DELETE /v2/media/folder": "render",
    "GET /v2/movies/AAAAAAAAAAAAAAAA/cache": "viewer",
    "POST /v2/movies/AAAAAAAAAAAAAAAA/exports/retry": "render",
    "POST /v2/stills?at=0": "render",
    "GET /v2/stills?project=AAAAAAAAAAAAAAAA&at=0": "render",
    "GET /v2/cache": "viewer",
    "POST /v2/cache/purge": "editor",
    "GET /v2/templates": "viewer",
    "GET /v2/templates/library": "viewer",
    "POST /v2/templates": "editor",
    "POST /v2/templates?id=AAAAAAAAAAAAAAAAAAAA": "editor",
    "POST /v2/templates?id=AAAAAAAAAAAAAAAAAAAA&action=duplicate": "editor",
    "DELETE /v2/templates?id=AAAAAAAAAAAAAAAAAAAA": "editor",
}
"""What may be done, and by which role at least."""


def rows() -> list[Row]:
    made = []
    for asks, least in LEAST.items():
        may_not = ROLES[: ROLES.index(least)]
        made += [
            row(f"{role} may not {asks}", Ask(asks, 403, FORBIDDEN, sends=MOVIE, key=role))
            for role in may_not
        ]
    return made


ROWS = (
    *rows(),
    row("a key that is over is none", Ask("GET /v2/movies", 400, REFUSED, key="over")),
    row("a key that was revoked is none", Ask("GET /v2/movies", 400, REFUSED, key="revoked")),
    row("a key that ends later is one", Ask("GET /v2/movies", 200, {"success": True}, key="later")),
)


@pytest.fixture(scope="module")
def _keys(api: Place) -> None:
    """One of each role, whose text is the role, and some that end. A worker that comes back to the
    module finds them.
    """
    now_ms = int(time.time() * 1000)
    ends = {"over": now_ms - 1, "later": now_ms + 3_600_000, "revoked": None}
    for name, end_ms in {**dict.fromkeys(ROLES), **ends}.items():
        role = name if name in ROLES else "admin"
        if not api.keys.get(digest_of(name)):
            api.keys.add(ApiKey(digest_of(name), name, role, now_ms, end_ms))
    api.keys.remove(digest_of("revoked"))


@pytest.mark.usefixtures("_keys")
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Place) -> None:
    row.hold(api)


@pytest.mark.usefixtures("_keys")
@pytest.mark.parametrize("asks", LEAST)
def test_others_may(asks: str, api: Place) -> None:
    method, _, path = asks.partition(" ")
    for role in ROLES[ROLES.index(LEAST[asks]) :]:
        status, answer = api.json(method, path, MOVIE if method == "POST" else None, key=role)
        assert status != 403 and answer.get("message") != REFUSED["message"], (role, answer)
