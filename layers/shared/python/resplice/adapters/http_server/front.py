"""The HTTP front of the local server: sockets on one side, a Lambda handler on the other.

It gives out finished movies by itself and hands everything else to the handler. It knows nothing
of projects or keys. Every answer has a Content-Length, every error is JSON, and small answers go
out in one write: some clients take the first piece for the whole.
"""

from __future__ import annotations

import io
import json
import logging
import re
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from resplice.adapters.http_server.api_events import answer, event
from resplice.adapters.http_server.movie_files import opened, part
from resplice.errors import NotFound, RespliceError
from resplice.ports.objects import Objects

HOST = "127.0.0.1"
OWN_NAMES = (HOST, "localhost", "[::1]")
HTTP_PORT = 80
MAX_BODY_BYTES = 10 * 2**20
MAX_LINE_BYTES = 65_536
MAX_CONNECTIONS = 256
REQUEST_SECONDS = 60.0
"""For a request to arrive whole, and between two requests on one connection."""
SEND_SECONDS = 60.0
LINGER_SECONDS = 2.0

_MOVIE = re.compile(r"/(movies/[0-9a-f]{64}\.(?:mp4|ass|jpg))")
_LENGTH = re.compile(r"[0-9]{1,18}")

Handler = Callable[[dict[str, Any], Any], Mapping[str, Any]]

log = logging.getLogger(__name__)


class HttpFront(socketserver.ThreadingTCPServer):
    """Serves until `shutdown` is called. timestamp: the time as answers have it."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self,
        port: int,
        handler: Handler,
        objects: Objects,
        timestamp: Callable[[], str],
        request_s: float = REQUEST_SECONDS,
        at_once: int = MAX_CONNECTIONS,
    ) -> None:
        """port: 0 for any free one. request_s: how long a request may take to arrive.
        at_once: how many events the handler sees at a time.

        Raises RespliceError when the port cannot be had.
        """
        self.objects, self.timestamp, self.request_s = objects, timestamp, request_s
        self._handler, self._turns = handler, threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(MAX_CONNECTIONS)
        try:
            super().__init__((HOST, port), _Connection)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise RespliceError(f"cannot listen on {HOST}:{port}: {reason}") from error

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}"

    @property
    def own_hosts(self) -> frozenset[str]:
        """What callers may call us in a Host header."""
        port = self.server_address[1]
        bare = OWN_NAMES if port == HTTP_PORT else ()
        return frozenset((*bare, *(f"{name}:{port}" for name in OWN_NAMES)))

    def invoke(self, made: dict[str, Any]) -> Mapping[str, Any]:
        """The handler's result."""
        with self._turns:
            return self._handler(made, None)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
            return
        status, headers, body = _error(HTTPStatus.SERVICE_UNAVAILABLE, "Busy", self.timestamp())
        with suppress(OSError):
            request.sendall(_head(status, {**headers, "Connection": "close"}, len(body)) + body)
        self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.exception("a connection broke")


class _RefusedError(Exception):
    """The request gets no further; the connection is closed after the answer."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        self.status = status
        super().__init__(message)


class _Arriving(io.RawIOBase):
    """A connection to read from until a deadline, however slowly the bytes trickle in."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._deadline_s, self.has_begun = 0.0, False

    def begin(self, most_s: float) -> None:
        self._deadline_s, self.has_begun = time.monotonic() + most_s, False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left_s = self._deadline_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        self._connection.settimeout(left_s)
        count = self._connection.recv_into(buffer)
        self.has_begun = self.has_begun or count > 0
        return count


class _Connection(BaseHTTPRequestHandler):
    """One connection: request after request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: HttpFront

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self._arriving = _Arriving(self.connection)
        self.rfile = io.BufferedReader(self._arriving)

    def handle_one_request(self) -> None:
        self._arriving.begin(self.server.request_s)
        self.close_connection, self._answered = True, False
        self.command, self.path = "", ""
        try:
            if self._read_head():
                self._respond(self._body())
        except ConnectionError:
            self.close_connection = True
        except TimeoutError:
            if self._arriving.has_begun and not self._answered:
                self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The request took too long to arrive")
            self.close_connection = True
        except _RefusedError as refused:
            self._refuse(refused.status, str(refused))
        except Exception:
            log.exception("%s %s failed", self.command, self.path)
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error")

    def _read_head(self) -> bool:
        """Whether there is a request. Raises _RefusedError for one that is malformed."""
        line = self.rfile.readline(MAX_LINE_BYTES + 1)
        if line in (b"\r\n", b"\n"):
            line = self.rfile.readline(MAX_LINE_BYTES + 1)
        if not line:
            return False
        if len(line) > MAX_LINE_BYTES:
            raise _RefusedError(HTTPStatus.REQUEST_URI_TOO_LONG, "The request line is too long")
        self.raw_requestline = line
        if not self.parse_request() or self.request_version == "HTTP/0.9":
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "Not an HTTP request")
        return True

    def send_error(self, code: int, message: str | None = None, explain: Any = None) -> None:
        """Called where a request cannot be parsed."""
        raise _RefusedError(HTTPStatus(code), (message or HTTPStatus(code).phrase)[:200])

    def handle_expect_100(self) -> bool:
        self._body_bytes()
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True

    def _body(self) -> bytes:
        wanted = self._body_bytes()
        body = self.rfile.read(wanted)
        if len(body) < wanted:
            raise ConnectionError
        return body

    def _body_bytes(self) -> int:
        if "Transfer-Encoding" in self.headers:
            raise _RefusedError(HTTPStatus.LENGTH_REQUIRED, "A Content-Length is required")
        lengths = set(self.headers.get_all("Content-Length", ["0"]))
        length = lengths.pop().strip()
        if lengths or not _LENGTH.fullmatch(length):
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "The Content-Length is not valid")
        if int(length) > MAX_BODY_BYTES:
            most = f"The request is larger than {MAX_BODY_BYTES // 2**20} MiB"
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, most)
        return int(length)

    def _check_caller(self) -> None:
        """Refuse what a web page had its visitor's browser send: no foreign page may post movies,
        nor read answers under a host name that it had point to us. Browsers send both headers.
        """
        own = self.server.own_hosts
        if {host.lower() for host in self.headers.get_all("Host", [])} - own:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "The Host is not this server")
        origins = {origin.lower() for origin in self.headers.get_all("Origin", [])}
        if self.command not in ("GET", "HEAD") and origins - {f"http://{host}" for host in own}:
            raise _RefusedError(HTTPStatus.FORBIDDEN, "Requests of other origins are refused")

    def _respond(self, body: bytes) -> None:
        self._check_caller()
        try:
            movie = _MOVIE.fullmatch(urlsplit(self.path).path)
            peer = self.client_address[0]
            made = event(self.command, self.path, self.headers, body, peer)
        except ValueError:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "The URL is not valid") from None
        if movie:
            self._give_movie(movie[1])
        else:
            self._answer(*answer(self.server.invoke(made)))

    def _give_movie(self, key: str) -> None:
        if self.command not in ("GET", "HEAD"):
            self._complain(HTTPStatus.METHOD_NOT_ALLOWED, "Method not allowed", Allow="GET, HEAD")
            return
        try:
            with opened(self.server.objects, key) as (stored, file):
                piece = part(stored, self.headers)
                if piece.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    unsent = {k: v for k, v in piece.headers.items() if k != "Content-Type"}
                    self._complain(piece.status, "The range lies outside the movie", **unsent)
                    return
                self._write_head(piece.status, piece.headers, piece.count)
                if self.command == "GET" and piece.count:
                    self.connection.sendfile(file, piece.start, piece.count)
        except NotFound:
            self._complain(HTTPStatus.NOT_FOUND, "There is no such movie")

    def _complain(self, status: HTTPStatus, message: str, **more: str) -> None:
        _, headers, body = _error(status, message, self.server.timestamp())
        self._answer(status, {**headers, **more}, body)

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        """Answer, and read on for a moment: closing on unread bytes would destroy the answer."""
        self.close_connection = True
        if self._answered:
            return
        with suppress(OSError):
            self._complain(status, message)
            self.connection.shutdown(socket.SHUT_WR)
            self._arriving.begin(LINGER_SECONDS)
            while self.rfile.read1(MAX_LINE_BYTES):
                pass

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self._write_head(status, headers, len(body), b"" if self.command == "HEAD" else body)

    def _write_head(
        self, status: int, headers: Mapping[str, str], length: int, body: bytes = b""
    ) -> None:
        connection = "close" if self.close_connection else "keep-alive"
        whole = {**headers, "Date": self.date_time_string(), "Connection": connection}
        self._answered = True
        self.connection.settimeout(SEND_SECONDS)
        self.connection.sendall(_head(status, whole, length) + body)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged."""


def _error(status: HTTPStatus, message: str, timestamp: str) -> tuple[int, dict[str, str], bytes]:
    body = {"success": False, "message": message, "timestamp": timestamp}
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def _head(status: int, headers: Mapping[str, str], length: int) -> bytes:
    """The status line and headers. A 304 has no body, so it tells no length."""
    lines = [f"HTTP/1.1 {int(status)} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
