"""A web server for tests: it answers by path, however badly, and keeps what it was asked."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from resplice.adapters.web.fetch import SafeHttp
from resplice.adapters.web.limits import HttpLimits
from resplice.core.addresses import AllowedSource
from resplice.errors import SourceError, shown

BODY = bytes(range(256)) * 1000
DIGEST = hashlib.sha256(BODY).hexdigest()
QUICK = HttpLimits(connect_s=2, read_s=0.3, total_s=5, size_bytes=1_000_000, backoff_s=0.01)

Answer = Callable[["Handler"], object]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        self.server.answers[self.path.partition("?")[0]](self)
        self.close_connection = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.told.append((self.path, dict(self.headers), body))
        self.do_GET()

    do_PUT = do_POST  # noqa: N815

    def give(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content_Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Answers by path; keeps the path and the headers of each request, and what it was sent."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.told: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, Answer] = {"/media": lambda to: to.give(200, BODY)}

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def http(self, limits: HttpLimits = QUICK, **more: Any) -> SafeHttp:
        return SafeHttp(frozenset({AllowedSource("127.0.0.1", self.server_port)}), limits, **more)

    def held_back(self, path: str, body: bytes) -> tuple[threading.Event, threading.Event]:
        """A source that is not given until it is said: (it was asked for, go on)."""
        asked_for, go_on = threading.Event(), threading.Event()

        def answer(to: Handler) -> None:
            asked_for.set()
            go_on.wait(20)
            to.give(200, body)

        self.answers[path] = answer
        return asked_for, go_on

    def handle_error(self, *_: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def refused(http: SafeHttp, url: str, into: Path) -> SourceError:
    """The error that fetching the URL ends in; nothing may be left at `into`."""
    with pytest.raises(SourceError) as caught:
        http.fetch(url, into)
    assert not into.exists()
    assert str(caught.value) == f"Failed to download '{shown(url)}' ({caught.value.reason})"
    return caught.value
