"""The page that plays a film and follows what becomes of it: its files, as a handler of the front.

The page is told by an EventFeed at FEED; it asks nobody else, and nothing of it stands in a frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

FEED = "/changes"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
PAGES = {
    "/": ("index.html", "text/html"),
    "/player.css": ("player.css", "text/css"),
    "/player.js": ("player.js", "text/javascript"),
}


def answered(event: Mapping[str, Any], _: Any = None) -> Mapping[str, Any]:
    """The page and what it is made of: see HttpFront."""
    if event["requestContext"]["http"]["method"] not in ("GET", "HEAD"):
        return _plain(HTTPStatus.METHOD_NOT_ALLOWED, Allow="GET, HEAD")
    if event["rawPath"] not in PAGES:
        return _plain(HTTPStatus.NOT_FOUND)
    name, kind = PAGES[event["rawPath"]]
    headers = {**HEADERS, "Content-Type": f"{kind}; charset=utf-8"}
    return {"statusCode": HTTPStatus.OK, "headers": headers, "body": _text(name)}


def _plain(status: HTTPStatus, **headers: str) -> Mapping[str, Any]:
    told = {**HEADERS, "Content-Type": "text/plain; charset=utf-8", **headers}
    return {"statusCode": status, "headers": told, "body": f"{status.phrase}\n"}


@cache
def _text(name: str) -> str:
    return (files("resplice.adapters.http_server") / "player_page" / name).read_text()
