"""Connections that tell whether anything was carried out, and that nobody holds up for ever.

While TLS is agreed upon, and before a request is sent whole, nothing was.
"""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.response import HTTPResponse

HEAD_SECONDS = 15
"""For the head of an answer, once it may no longer say nothing."""
SENDING_SECONDS = 60
LEAST_BYTES_A_SECOND = 100_000
"""Who takes a request more slowly than both say is not waited for."""


class Sent(io.BytesIO):
    """A body that is sent piece by piece: a time-out is for each of them, and one more for all."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self._until = time.monotonic() + SENDING_SECONDS + len(body) / LEAST_BYTES_A_SECOND

    def read(self, size: int | None = -1, /) -> bytes:
        if time.monotonic() > self._until:
            raise TimeoutError("the request is taken too slowly")
        return super().read(size)


@contextmanager
def within(seconds: float, hang_up: Callable[[], object]) -> Iterator[None]:
    """Time-outs are for each read, and a byte now and then resets them: this one is for all.

    Raises TimeoutError: what was hung up looks like what has ended.
    """

    def end() -> None:
        with suppress(OSError, ValueError):  # It may have ended by itself just now.
            hang_up()

    until = time.monotonic() + seconds
    watch = threading.Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
    if time.monotonic() >= until:
        raise TimeoutError("a byte now and then")


class _Watched(HTTPConnection):
    def request(self, *request: Any, **more: Any) -> None:
        try:
            super().request(*request, **more)
        except TimeoutError as error:
            raise NewConnectionError(self, "the request was not taken") from error

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        assert self.sock and self.timeout
        sock = self.sock
        with within(self.timeout + HEAD_SECONDS, lambda: sock.shutdown(socket.SHUT_RDWR)):
            return super().getresponse()


class _Secure(_Watched, HTTPSConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except ssl.SSLCertVerificationError:
            raise
        except OSError as error:
            raise NewConnectionError(self, "TLS was not agreed upon") from error


class _Connections(HTTPConnectionPool):
    ConnectionCls = _Watched


class _SecureConnections(HTTPSConnectionPool):
    ConnectionCls = _Secure


def connections(places: int, each: int) -> urllib3.PoolManager:
    """So many connections are kept for each of so many places. Without a connection, or where a
    request was not sent whole, they raise NewConnectionError or ConnectTimeoutError, or SSLError
    for a certificate that is not good.
    """
    pool = urllib3.PoolManager(num_pools=places, maxsize=each, block=False)
    pool.pool_classes_by_scheme = {"http": _Connections, "https": _SecureConnections}
    return pool
