"""uvicorn's HTTP/1.1 protocol, with what it lacks against those who are slow, many or wrong.

A request has to arrive whole before a deadline, however slowly its bytes trickle in, and what is
sent has to be taken before another. There are no more than so many connections. Every refusal is
JSON, as the API's own.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from resplice.adapters.http_server.one_piece import OnePiece

MAX_HEAD_BYTES = 65_536
MAX_CONNECTIONS = 1000
LINGER_SECONDS = 2.0
SEND_SECONDS = 60.0
"""For a piece that was sent to be taken by the caller's machine."""
UPLOAD_BYTES_PER_SECOND = 50_000
"""A file that comes more slowly is given up."""
SWITCHING = h11.MIGHT_SWITCH_PROTOCOL  # type: ignore[attr-defined]
ARRIVED = frozenset({h11.DONE, h11.MUST_CLOSE, h11.CLOSED, h11.ERROR, SWITCHING})
UNANSWERED = frozenset({h11.IDLE, h11.SEND_RESPONSE})
"""Where we are while nothing of an answer was sent."""


class Arriving(H11Protocol):
    """One connection. `limits` is set on a subclass: see `protocol`."""

    request_s = 60.0
    is_upload: Callable[[str], bool] = staticmethod(lambda path: False)
    timestamp: Callable[[], str] = staticmethod(lambda: "")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._deadline: asyncio.TimerHandle | None = None
        self._sending: asyncio.TimerHandle | None = None
        self._has_begun = self._extended = self._is_over = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # Writing pauses as soon as bytes are left over, and goes on when all are taken.
        transport.set_write_buffer_limits(0)
        self._one_piece = OnePiece(transport, self.loop)
        self.transport = self._one_piece  # type: ignore[assignment]
        if len(self.connections) > 2 * MAX_CONNECTIONS:
            transport.abort()
        elif len(self.connections) > MAX_CONNECTIONS:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "Busy: try again in a moment")
        else:
            self._arm(self.request_s)

    def data_received(self, data: bytes) -> None:
        if self._is_over or self.transport.is_closing():
            return
        self._has_begun = True
        super().data_received(data)
        self._settle()

    def eof_received(self) -> bool:  # type: ignore[override]
        """A request that ends in its middle is over; one that is whole is answered. Whether the
        connection stays open for that.
        """
        self._one_piece.flush()
        if self._is_over:
            return False
        if self.conn.their_state not in ARRIVED:
            if self._has_begun:
                self._refuse(HTTPStatus.BAD_REQUEST, "The request ended before it was whole")
            return False
        if self.cycle is None or self.cycle.response_complete:
            return False
        self.cycle.keep_alive = False
        return True

    def pause_writing(self) -> None:
        super().pause_writing()
        self._sending = self.loop.call_later(SEND_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._taken()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        self._taken()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """The next request may have come with the one before it."""
        self._disarm()
        self._extended = False
        super().on_response_complete()
        their_state, unread = self.conn.their_state, bool(self.conn.trailing_data[0])
        self._has_begun = unread or their_state is not h11.IDLE
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
        elif self._deadline is None:
            self._arm(self.request_s)
        if self.conn.their_state is h11.SEND_BODY and not self._extended:
            self._extend()

    def _extend(self) -> None:
        """A file may take longer than a request."""
        self._extended = True
        if self.is_upload(self.scope["path"]):
            length = dict(self.headers).get(b"content-length", b"0")
            self._arm(self.request_s + int(length) / UPLOAD_BYTES_PER_SECOND)

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(seconds, self._too_late)

    def _disarm(self) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = None

    def _taken(self) -> None:
        if self._sending:
            self._sending.cancel()
        self._sending = None

    def _too_late(self) -> None:
        if self._has_begun and self.conn.our_state in UNANSWERED:
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
        if self.conn.our_state in UNANSWERED:
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
