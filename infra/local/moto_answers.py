"""How moto's server answers a request: in one piece, on a connection that is kept for the next.

Werkzeug's own way ends each connection, which is a thread here, after it has waited for what else
may arrive there: its clients pay for all of it at each request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from select import POLLIN, poll
from typing import Any

from werkzeug.exceptions import InternalServerError
from werkzeug.serving import WSGIRequestHandler

IDLE_SECONDS = 3.0
"""Clients that nobody closes are many: what they hold open is not held for long."""
PIECE_BYTES = 1 << 20
NO_BODY = (204, 304)


class Body:
    """What is left to read of a request's body, whose length the request has told."""

    def __init__(self, file: Any, length: int) -> None:
        self._file, self._left = file, length

    def read(self, size: int = -1) -> bytes:
        return self._taken(self._file.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self._taken(self._file.readline, size)

    def drain(self) -> None:
        while self.read(PIECE_BYTES):
            pass

    def _taken(self, read: Callable[[int], bytes], size: int) -> bytes:
        most = self._left if size < 0 else min(size, self._left)
        data = read(most) if most else b""
        self._left = self._left - len(data) if data else 0
        return data


@dataclass(frozen=True)
class Answer:
    """All of what the application says to a request."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


def run_wsgi(self: WSGIRequestHandler) -> None:
    """Answer the request that has been read as far as its body. Replaces the handler's own."""
    self.environ = environ = self.make_environ()
    if "wsgi.input_terminated" in environ:
        self.close_connection = True  # Nobody tells whether the application has read to the end.
        body = Body(self.rfile, 0)
    else:
        body = Body(self.rfile, int(self.headers.get("Content-Length") or 0))
        environ["wsgi.input"] = body
    try:
        answer = _answer(self.server.app, environ)
    except Exception as error:
        self.server.log("error", f"Error on request: {error!r}")
        answer = _answer(InternalServerError(), environ)
    body.drain()
    _send(self, answer)
    self.close_connection = self.close_connection or not _asked_again(self)


def _answer(application: Any, environ: dict[str, Any]) -> Answer:
    told: dict[str, Any] = {}
    written: list[bytes] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], None]:
        told.update(status=status, headers=headers)
        return written.append

    pieces: Iterable[bytes] = application(environ, start_response)
    try:
        written.extend(pieces)
    finally:
        getattr(pieces, "close", bool)()
    return Answer(**told, body=b"".join(written))


def _send(handler: WSGIRequestHandler, answer: Answer) -> None:
    code, _, words = answer.status.partition(" ")
    handler.send_response(int(code), words)
    for name, value in answer.headers:
        handler.send_header(name, value)
    bare = handler.command == "HEAD" or int(code) in NO_BODY
    if not (bare or any(name.lower() == "content-length" for name, _ in answer.headers)):
        handler.send_header("Content-Length", str(len(answer.body)))
    if handler.close_connection:
        handler.send_header("Connection", "close")
    # They wait in its buffer: what is sent piece by piece may wait for the other side's word.
    waiting: list[bytes] = handler._headers_buffer
    waiting.append(b"\r\n" + (b"" if bare else answer.body))
    handler.flush_headers()


def _asked_again(handler: WSGIRequestHandler) -> bool:
    waiting = poll()
    waiting.register(handler.connection, POLLIN)
    return bool(waiting.poll(IDLE_SECONDS * 1000))
