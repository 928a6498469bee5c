"""What a request for a stored file gets: all, a range, or word that it is known.

RFC 9110 §13, §14, for one range. A request for several, or one that makes no sense, gets it all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import field
from http import HTTPStatus
from typing import BinaryIO

from resplice.adapters.object_keys import cache_control, content_type
from resplice.core.public_files import movie_key_at
from resplice.frozen import frozen
from resplice.ports.objects import Objects, StoredObject

_RANGE = re.compile(r"bytes=([0-9]{0,30})-([0-9]{0,30})")

Opened = Callable[[str], AbstractContextManager[tuple[StoredObject, BinaryIO]]]
"""(key): what is stored there, and exactly its bytes. Raises NotFound, StorageError."""


@frozen
class Found:
    """An object that a path stands for.

    content_type  empty: as its facts have it
    noun          what it is called when it is not there
    opened        opens it, where it lies somewhere else than movies do
    headers       more of the answer's
    """

    key: str
    content_type: str
    noun: str
    opened: Opened | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def movie_at(path: str) -> Found | None:
    """The movie, its captions or its poster; None for any other path."""
    key = movie_key_at(path)
    if key is None:
        return None
    kept = {"Cache-Control": cache_control(key) or "no-cache"}
    return Found(key, content_type(key), "movie", headers=kept)


def media_found(place: str, opened: Opened) -> Found:
    """A file that a caller sent: a page among them may do nothing in our name."""
    return Found(place, "", "file", opened, {"Content-Security-Policy": "sandbox"})


@frozen
class Part:
    """The answer's head, and which bytes follow it."""

    status: HTTPStatus
    headers: dict[str, str]
    start: int = 0
    count: int = 0


@contextmanager
def opened(objects: Objects, key: str) -> Iterator[tuple[StoredObject, BinaryIO]]:
    """What is stored under key, and exactly its bytes. Raises NotFound, StorageError."""
    while True:
        before = objects.head(key)
        with objects.open(key) as path, path.open("rb") as file:
            if before and before == objects.head(key):
                yield before, file
                return


def part(stored: StoredObject, found: Found, asked: Mapping[str, str]) -> Part:
    """What of it was asked for, by the headers of the request, named in small letters."""
    etag, size = f'"{stored.digest}"', stored.size_bytes
    headers = {
        "Content-Type": found.content_type or stored.facts["content_type"],
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Cache-Control": "no-cache",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
        **found.headers,
    }
    known = asked.get("if-none-match", "")
    if known.strip() == "*" or etag in known:
        return Part(HTTPStatus.NOT_MODIFIED, headers)
    wanted = asked.get("range") if asked.get("if-range", etag).strip() == etag else None
    span = _span(wanted, size) if wanted else None
    if span is None:
        return Part(HTTPStatus.OK, headers, 0, size)
    start, end = span
    if start >= end:
        headers["Content-Range"] = f"bytes */{size}"
        return Part(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers)
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return Part(HTTPStatus.PARTIAL_CONTENT, headers, start, end - start)


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    """The bytes [start, end) of one range, empty when it lies outside; None: no range."""
    found = _RANGE.fullmatch(wanted.strip().replace(" ", ""))
    if not found or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return int(first), min(size, int(last) + 1) if last else size
