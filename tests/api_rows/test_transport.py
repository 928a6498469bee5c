"""Ground rules: keys, statuses, the form of answers and of errors."""

from __future__ import annotations

import json
import re

import pytest
from api_places import PAGE
from served import KEY, Calls
from spec_rows import Ask, Row, row

LIST, UNKNOWN = "/v2/movies", "/v2/movies?project=AAAAAAAAAAAAAAAA"
REFUSED = {"success": False, "message": "Error: Invalid API Key"}
UNNAMED = {"success": False, "message": "Error: API Key not provided"}
NOTHING = {"success": False, "message": re.compile("Not found.*")}
NOT_SO = {"success": False, "message": re.compile("Method not allowed.*")}
OF_PAGE = {"headers": {"Origin": PAGE}}
LET_IN, NOT_LET_IN = ({"Access-Control-Allow-Origin": origin} for origin in (PAGE, None))

ROWS = (
    *(
        row(f"{method} without a key is 400, with the words", Ask(asks, 400, UNNAMED, key=None))
        for method, asks in (
            ("GET", f"GET {LIST}"),
            ("POST", f"POST {LIST}"),
            ("one movie", f"GET {UNKNOWN}"),
        )
    ),
    *(
        row(f"{method} with a wrong key is 400, with the words", Ask(asks, 400, REFUSED, key="x"))
        for method, asks in (("GET", f"GET {LIST}"), ("POST", f"POST {LIST}"))
    ),
    row(
        "an empty key is none",
        Ask(f"GET {LIST}", 400, UNNAMED, key=None, headers={"x_api_key": ""}),
    ),
    row("no key in the query", Ask(f"GET {LIST}?x-api-key={KEY}", 400, UNNAMED, key=None)),
    row(
        "no Bearer",
        Ask(f"GET {LIST}", 400, UNNAMED, key=None, headers={"Authorization": f"Bearer {KEY}"}),
    ),
    *(
        row(
            f"the key's header may be written {name}",
            Ask("GET /v2/media", 200, {"success": True}, key=None, headers={name: KEY}),
        )
        for name in ("X_Api_Key", "X_API_KEY", "x_api_key", "X_api_key")
    ),
    row("what is not there is 404 in JSON", Ask("GET /v2/account", 404, NOTHING)),
    row("there is no v1", Ask("GET /v1/movies", 404, NOTHING)),
    *(
        row(f"405: {asks}", Ask(asks, 405, NOT_SO, told={"Allow": re.compile(".*OPTIONS.*")}))
        for asks in (
            f"PATCH {LIST}",
            f"PUT {LIST}",
            "PUT /v2/templates",
            "POST /v2/templates/library",
            "DELETE /v2/media",
            "PATCH /v2/media/file",
            "PUT /v2/media/folder",
            "GET /v2/cache/purge",
            "GET /v2/movies/AAAAAAAAAAAAAAAA/exports/retry",
        )
    ),
    row(
        "whether it answers, and what it can do, is told without a key",
        Ask("GET /healthz", has={"success": True}, key=None),
    ),
    row(
        "a page that may call is told so, with every answer",
        Ask(
            "GET /v2/media", told={"Access-Control-Allow-Origin": PAGE, "Vary": "Origin"}, **OF_PAGE
        ),
        Ask(f"GET {LIST}", 400, UNNAMED, told=LET_IN, key=None, **OF_PAGE),
        Ask(f"POST {LIST}", 400, told=LET_IN, sends=b"{", **OF_PAGE),
        Ask("GET /v2/nowhere", 404, told=LET_IN, **OF_PAGE),
    ),
    row(
        "others are not",
        Ask("GET /v2/media", told=NOT_LET_IN),
        Ask("GET /v2/media", told=NOT_LET_IN, headers={"Origin": "https://other.example"}),
    ),
    row(
        "an error has success false and a message",
        Ask(f"GET {UNKNOWN}", 400, only="success message"),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Calls) -> None:
    row.hold(api)


def test_a_method_that_is_not_there_is_told_those_that_are(api: Calls) -> None:
    response, _ = api.call("PATCH", LIST)
    assert {"GET", "POST"} <= set(re.split(", *", response.getheader("Allow") or ""))


@pytest.mark.parametrize("path", [f"{LIST}?limit=1", UNKNOWN, "/v2/nowhere"])
def test_a_body_comes_in_one_piece(api: Calls, path: str) -> None:
    """The Node SDK takes the first piece for the whole JSON, whatever the status."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{api.port}\r\nx-api-key: {KEY}\r\n"
    pieces = api.raw(f"{head}Connection: close\r\n\r\n".encode())
    heads, body = b"".join(pieces).split(b"\r\n\r\n", 1)
    lines = heads.lower().split(b"\r\n")
    assert b"content-length: %d" % len(body) in lines
    assert not [line for line in lines if line.startswith((b"transfer-", b"content-encoding"))]
    assert pieces[-1].endswith(body) and json.loads(body)["timestamp"]


def test_head_says_what_get_would(api: Calls) -> None:
    got, body = api.call("GET", UNKNOWN)
    response, nothing = api.call("HEAD", UNKNOWN)
    assert (response.status, nothing) == (got.status, b"")
    assert response.getheader("Content-Length") == str(len(body))


@pytest.mark.parametrize(("origin", "allowed"), [(PAGE, PAGE), ("https://other.example", None)])
def test_a_preflight_needs_no_key(api: Calls, origin: str, allowed: str | None) -> None:
    response, body = api.call("OPTIONS", LIST, key=None, Origin=origin)
    assert (response.status, body) == (204, b"")
    assert response.getheader("Access-Control-Allow-Origin") == allowed
    methods = response.getheader("Access-Control-Allow-Methods") or ""
    headers = response.getheader("Access-Control-Allow-Headers") or ""
    assert ("POST" in methods, "x-api-key" in headers) == (bool(allowed), bool(allowed))


def test_the_description_of_the_api_needs_no_key(api: Calls) -> None:
    response, body = api.call("GET", "/openapi.json", key=None)
    assert response.status == 200 and LIST in json.loads(body)["paths"]
