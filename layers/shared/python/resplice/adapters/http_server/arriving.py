"""uvicorn's HTTP/1.1 protocol, with what it lacks against those who are slow, many or wrong.

A request has to arrive whole before a deadline, however slowly its bytes trickle in; there are no
more than so many connections; and every refusal is JSON, as the API's own.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_HEAD_BYTES = 65_536
MAX_CONNECTIONS = 1000
LINGER_SECONDS = 2.0
UPLOAD_BYTES_PER_SECOND = 50_000
"""A file that comes more slowly is given up."""
ARRIVED = frozenset({h11.DONE, h11.MUST_CLOSE, h11.CLOSED, h11.ERROR})


class Arriving(H11Protocol):
    """One connection. `limits` is set on a subclass: see `protocol`."""

    request_s = 60.0
    is_upload: Callable[[str], bool] = staticmethod(lambda path: False)
    timestamp: Callable[[], str] = staticmethod(lambda: "")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._deadline: asyncio.TimerHandle | None = None
        self._has_begun = self._extended = self._is_over = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > 2 * MAX_CONNECTIONS:
            transport.abort()
        elif len(self.connections) > MAX_CONNECTIONS:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "Busy: try again in a moment")
        else:
            self._arm(self.request_s)

    def data_received(self, data: bytes) -> None:
        if self._is_over or self.transport.is_closing():
            return
        if self._deadline is None and self.conn.their_state is h11.IDLE:
            self._arm(self.request_s)
        self._has_begun = True
        super().data_received(data)
        self._settle()

    def eof_received(self) -> None:
        """A request that ends in its middle is over; one that is whole is answered."""
        if self._is_over:
            self.transport.close()
        elif self.conn.their_state not in ARRIVED and self._has_begun:
            self._refuse(HTTPStatus.BAD_REQUEST, "The request ended before it was whole")

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._has_begun = bool(self.conn.trailing_data[0])
        if self._has_begun and not self.transport.is_closing():
            self._settle()

    def send_400_response(self, msg: str) -> None:
        """Called for what is no HTTP."""
        if len(self.conn.trailing_data[0]) > MAX_HEAD_BYTES:
            said = f"The head of a request has at most {MAX_HEAD_BYTES // 1024} KiB"
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, said)
        else:
            self._refuse(HTTPStatus.BAD_REQUEST, "Not an HTTP request")

    def _settle(self) -> None:
        """Look how far the request has come."""
        if self.conn.their_state in ARRIVED:
            self._disarm()
        elif self.conn.their_state is h11.SEND_BODY and not self._extended:
            self._extend()
        elif self._deadline is None:
            self._arm(self.request_s)

    def _extend(self) -> None:
        """A file may take longer than a request."""
        if self.is_upload(self.scope["path"]):
            self._extended = True
            length = dict(self.headers).get(b"content-length", b"0")
            self._arm(self.request_s + int(length) / UPLOAD_BYTES_PER_SECOND)

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(seconds, self._too_late)

    def _disarm(self) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = None

    def _too_late(self) -> None:
        answered = self.cycle is not None and self.cycle.response_started
        if self._has_begun and not answered:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The request took too long to arrive")
        else:
            self.transport.close()

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        """Past h11, which may be in no state to answer; and the end of the connection. What comes
        is read on for a moment: closing on unread bytes would destroy the answer.
        """
        self._disarm()
        if self._is_over or self.transport.is_closing():
            return
        self._is_over = True
        told = {"success": False, "message": message, "timestamp": self.timestamp()}
        body = json.dumps(told).encode()
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        if self.cycle is None or not self.cycle.response_started:
            self.transport.write(head.encode() + body)
        self.transport.write_eof()
        self.flow.resume_reading()
        self._deadline = self.loop.call_later(LINGER_SECONDS, self.transport.close)


def protocol(
    request_s: float, is_upload: Callable[[str], bool], timestamp: Callable[[], str]
) -> type[Arriving]:
    """The protocol of a server. request_s: how long a request may take to arrive."""
    said = {"request_s": request_s, "is_upload": staticmethod(is_upload)}
    return type("Arriving", (Arriving,), {**said, "timestamp": staticmethod(timestamp)})
