"""Requests over real sockets to a `resplice serve` of its own: lines, headers, ranges, bodies and
uploads, whole and broken. Every answer is HTTP, none says that it is the server's fault.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from resplice.api.app import OPERATIONS
from served import KEY, Served, running

from fuzz.placed import Place
from fuzz.target import Opened, Saw, Target
from fuzz.targets.documents import ANYTHING, movies

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
MOST_SERVER_MIB = 1500
SECONDS, WAITS_S = 60.0, 0.5
TINY = {"width": 32, "height": 32, "scenes": [{"duration": 0.1, "background-color": "#102030"}]}
NAMES = (
    *(
        "project",
        "id",
        "name",
        "file",
        "folder",
        "path",
        "cursor",
        "limit",
        "template",
        "since",
        "at",
    ),
    *(
        "dry-run",
        "forecast",
        "wait",
        "Expires",
        "Signature",
        "upload",
        "owner",
        "movie",
        "page",
        "key",
    ),
)
PLAIN = st.sampled_from(
    [
        "",
        "a",
        "-1",
        "1e9",
        "../../etc/passwd",
        "%00",
        "%2e%2e%2f",
        "{project}",
        "\u202e",
        "a" * 300,
        "0",
    ]
)
HEADERS = st.sampled_from(
    [
        *(
            "Range: bytes=0-0",
            "Range: bytes=-1",
            "Range: bytes=5-2",
            "Range: bytes=0-9,20-",
            "Range: x",
        ),
        *("Range: bytes=99999999999999999999-", "Range: bytes=" + "0-1," * 900, "If-None-Match: *"),
        *(
            'If-None-Match: "',
            "If-Range: x",
            "Content-Type: text/csv",
            "Content-Type: \xff",
            "Host: a:b",
        ),
        *(
            "Idempotency-Key: a",
            "Idempotency-Key: " + "k" * 999,
            "Origin: null",
            "X: " + "y" * 9000,
        ),
        *(
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: x",
            "Content-Length: -1",
            "Expect: 100-continue",
        ),
        *(
            "Accept: text/event-stream",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Last-Event-ID: 9e9",
        ),
        *(
            "Content-Encoding: gzip",
            "X-Forwarded-For: 1",
            " folded",
            "No colon",
            ": empty",
            "A\0: b",
        ),
        *("Access-Control-Request-Method: PUT", "Cookie: a=" + "b" * 99, "Authorization: Bearer x"),
    ]
)
PATHS = [
    *sorted({operation.path for operation in OPERATIONS}),
    *(
        "/files/{project}",
        "/files/../x",
        "/v2/movies/",
        "//v2/movies",
        "/v2/events",
        "/player",
        "*",
        "",
    ),
    *(
        "http://127.0.0.1:@canary-port@/v2/movies",
        "/v2/media/upload/x",
        "/studio/..%2f..%2fetc",
        "/v2/%",
    ),
]
METHODS = [
    "GET",
    "POST",
    "PUT",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "PATCH",
    "get",
    "TRACE",
    "G\0T",
    "CONNECT",
]
TABLE = "template,a\r\nx,1\r\n"


@st.composite
def requests(draw: Any) -> bytes:
    operation = draw(st.sampled_from(OPERATIONS))
    method, path = operation.method, operation.path
    if draw(st.integers(0, 3)) == 0:
        method, path = draw(st.sampled_from(METHODS)), draw(st.sampled_from(PATHS))
    path = path.replace("{project}", draw(PLAIN)).replace("{file}", draw(PLAIN))
    named = draw(st.lists(st.tuples(st.sampled_from(NAMES), PLAIN), max_size=3))
    query = "&".join(f"{name}={value}" for name, value in named)
    body = draw(_bodies())
    lines = [
        f"{method} {path}{'?' if query else ''}{query} HTTP/1.{draw(st.sampled_from('1110x'))}"
    ]
    lines += ["Host: @server@", "Connection: close"]
    lines += [f"x-api-key: {KEY if draw(st.integers(0, 9)) else draw(PLAIN)}"]
    lines += draw(st.lists(HEADERS, max_size=2))
    if draw(st.integers(0, 9)):
        lines.append(f"Content-Length: {len(body) + draw(st.sampled_from([0] * 8 + [1, -1]))}")
    end = draw(st.sampled_from(["\r\n"] * 9 + ["\n"]))
    return (end.join(lines) + end * 2).encode("utf-8", "replace") + body


@st.composite
def _bodies(draw: Any) -> bytes:
    kind = draw(st.integers(0, 7))
    if kind == 0:
        return bytes(draw(movies()))
    if kind == 1:
        return json.dumps({**TINY, "comment": draw(ANYTHING)}).encode()
    if kind == 2:
        named = draw(
            st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), ANYTHING, max_size=4)
        )
        return json.dumps(
            {**named, "scenes": TINY["scenes"]} if draw(st.booleans()) else named
        ).encode()
    if kind == 3:
        return TABLE.encode() + bytes(draw(st.binary(max_size=20)))
    if kind == 4:
        return b"5\r\nhello\r\n" + bytes(
            draw(st.sampled_from([b"0\r\n\r\n", b"zz\r\n", b"-1\r\n", b"f" * 20]))
        )
    return b"" if kind == 5 else bytes(draw(st.binary(max_size=40)))


def asked(server: Served, data: bytes) -> bytes:
    """What comes back. Where nothing comes for a while our side of the connection is ended."""
    answer, place = b"", ("127.0.0.1", server.port)
    with socket.create_connection(place, WAITS_S) as connection, suppress(ConnectionError):
        connection.sendall(data)
        while piece := _next(connection):
            answer += piece
    return answer


def _next(connection: socket.socket) -> bytes:
    try:
        return connection.recv(1 << 20)
    except TimeoutError:
        connection.settimeout(SECONDS)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(1 << 20)


@contextmanager
def opened(place: Place) -> Iterator[Opened]:
    said = {"RESPLICE_API_KEY": KEY}
    log = place.folder / "log"
    with running(place.folder / "data", said=said, log=log) as server:

        def check(data: bytes) -> Saw:
            host = f"127.0.0.1:{server.port}".encode()
            answer = asked(server, data.replace(b"@server@", host))
            status = STATUS.match(answer)
            assert server.process.poll() is None, "the server has ended"
            assert status or not answer or data[:4] == b"G\0T ", f"no HTTP: {answer[:60]!r}"
            number = int(status[1]) if status else 0
            assert number < 500 or number in (501, 505), f"it says {number}: {answer[-300:]!r}"
            assert b"Traceback" not in answer
            if (took := _peak_mib(server.process.pid)) > MOST_SERVER_MIB:
                raise AssertionError(f"the server takes {took} MiB")
            told = log.read_bytes()
            assert b"Traceback" not in told, told[-3000:].decode(errors="replace")
            return Saw(200 <= number < 400, answer + told)

        yield requests(), check


def _peak_mib(pid: int) -> int:
    said = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(said[1]) // 1024 if said else 0


TARGETS = (Target("http", opened, SECONDS, others=True),)
