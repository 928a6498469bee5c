"""What servers of generators have in common: they check requests as documented, keep them, and
misbehave as a test says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import urlsplit

from provider_servers.serving import StandIn

KEY = "secret-key-of-the-operator"
PICTURE = bytes(range(256)) * 20


@dataclass(frozen=True)
class Request:
    """As it came. Names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def place(self) -> str:
        """The path without what follows the question mark."""
        return urlsplit(self.path).path

    def fields(self) -> Any:
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    status: int
    value: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        return self.value if isinstance(self.value, bytes) else json.dumps(self.value).encode()


Badly = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ProviderServer

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, self.rfile.read(size))
        self.close_connection = True
        self.server.serve(request, self)

    def give(self, reply: Reply, whole: bool = True) -> None:
        body = reply.body()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if whole else body[: len(body) // 2])

    def log_message(self, *_: Any) -> None:
        pass


class ProviderServer(StandIn):
    """One provider, on this machine.

    seen     every request, in order
    instead  what the next requests get instead of what they ask for; the first is the next one's
    mode     how work ends: `made`, `never`, or a name that the provider gives it
    pending  how often a job is said to be worked on before it ends
    picture  what is made, where it comes in the answer itself; made: where it is, else
    """

    is_slow: ClassVar[bool] = True
    """Whether work is a job, to be asked for."""

    def __init__(self) -> None:
        super().__init__(Handler)
        self.seen: list[Request] = []
        self.instead: list[Reply | Badly] = []
        self.mode = "made"
        self.pending = 1
        self.made = self.url("/files/made.png")
        self.picture = PICTURE
        self.wrong: list[Exception] = []

    def starts(self) -> list[Request]:
        return [request for request in self.seen if request.method == "POST"]

    def serve(self, request: Request, handler: Handler) -> None:
        self.seen.append(request)
        if not self.instead:
            handler.give(self.answer(request))
        elif isinstance(instead := self.instead.pop(0), Reply):
            handler.give(instead)
        else:
            instead(handler)

    def answer(self, request: Request) -> Reply:
        """As the provider's documentation says."""
        raise NotImplementedError

    def is_pending(self) -> bool:
        """Whether the job is still worked on; each time it is asked for brings its end nearer."""
        self.pending -= 1
        return self.mode == "never" or self.pending >= 0

    def __exit__(self, *raised: Any) -> None:
        super().__exit__(*raised)
        if raised[0] is None:
            assert not self.wrong, f"requests that are not as documented: {self.wrong}"

    def handle_error(self, *_: Any) -> None:
        """A client that goes away is no fault; a request that is not as documented is."""
        if isinstance(error := sys.exc_info()[1], AssertionError | LookupError):
            self.wrong.append(error)


def hang_up(handler: Handler) -> None:
    """After the request was read, without a word."""


def half(handler: Handler) -> None:
    handler.give(Reply(200, {"id": "half", "request_id": "half", "images": ["AAAA"]}), whole=False)


def silent(handler: Handler) -> None:
    """Until the test is over."""
    handler.server.ending.wait(30)


HTML = Reply(200, b"<!doctype html><title>Welcome to the proxy</title>")
