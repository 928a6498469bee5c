"""Posting: one request with a body to an address that a document names, and its answer's head."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

from resplice.adapters.web.dialling import Dialling, fault_of, hung_up
from resplice.core.addresses import Target, parse_target
from resplice.errors import DeliveryFailed, DeliveryRefused, SourceRefused
from resplice.frozen import frozen

USER_AGENT = "Resplice/0.1"
READ_BYTES = 1 << 16


@frozen
class Answered:
    """retry_after_s: 0 when it does not say."""

    status: int
    location: str
    retry_after_s: int


@frozen
class Posting:
    """tls: replaces the system's trusted roots."""

    dialling: Dialling
    tls: ssl.SSLContext

    def send(
        self,
        method: str,
        url: str,
        body: bytes | Path,
        headers: Mapping[str, str],
        seconds: float,
    ) -> Answered:
        """Raises DeliveryRefused, DeliveryFailed, and OSError when a file cannot be read."""
        target = self._target(url)
        deadline_s = time.monotonic() + seconds
        size = body.stat().st_size if isinstance(body, Path) else len(body)
        head = {
            "Host": target.host_header,
            "User-Agent": USER_AGENT,
            "Content-Length": str(size),
            **headers,
        }
        try:
            with self._connected(target, deadline_s) as connection, _opened(body) as given:
                connection.request(method, target.path, given, head, preload_content=False)
                with closing(connection.getresponse()) as response:
                    response.read(READ_BYTES, decode_content=False)
                    return _answered(response.status, response.headers)
        except (OSError, HTTPError, http.client.HTTPException) as error:
            late = time.monotonic() >= deadline_s
            raise DeliveryFailed("timed out" if late else fault_of(error)) from None

    def _target(self, url: str) -> Target:
        try:
            target = parse_target(url, self.dialling.allowed)
        except SourceRefused as error:
            raise DeliveryRefused(error.reason) from None
        if target.scheme != "https" and not target.opened:
            raise DeliveryRefused("the address must be an https URL")
        return target

    @contextmanager
    def _connected(self, target: Target, deadline_s: float) -> Iterator[HTTPConnection]:
        sock = self.dialling.connect(target, deadline_s - time.monotonic())
        left_s = max(0.01, deadline_s - time.monotonic())
        connection = HTTPConnection(target.host, target.port, timeout=left_s)
        if target.scheme == "https":
            sock = self.tls.wrap_socket(
                sock, server_hostname=target.host, do_handshake_on_connect=False
            )
        with closing(sock), hung_up(left_s, lambda: sock), closing(connection):
            sock.settimeout(left_s)
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            connection.sock = sock
            yield connection


def _opened(body: bytes | Path) -> BinaryIO:
    return body.open("rb") if isinstance(body, Path) else BytesIO(body)


def _answered(status: int, headers: Mapping[str, str]) -> Answered:
    after = headers.get("Retry-After", "")
    waiting_s = int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0
    return Answered(status, headers.get("Location", ""), waiting_s)
