"""An object that FFmpeg reads as it is fetched: a server on this machine's own address, for one
file and one reader, which knows a name that nobody guesses.

FFmpeg asks for what it needs, so nobody has to know what that is, and nothing that it reads is
missing. What could not be given is told to who made the server: FFmpeg takes it for an end.
"""

from __future__ import annotations

import re
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from resplice.adapters.s3.blocks import Blocks
from resplice.frozen import frozen

_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")
_SENT_BYTES = 256 << 10
"""Held by the system on its way, for a reader that may have gone: it says so by reading no more."""


class _Server(ThreadingHTTPServer):
    """It keeps the first failure, and ends what is still open when it is closed."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, blocks: Blocks) -> None:
        self.blocks, self.name = blocks, f"/{secrets.token_hex(16)}"
        self.failure: Exception | None = None
        self._open, self._lock = set[Any](), threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        """Asks nobody for the name of this machine, as HTTPServer does."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Of the connection; those of the object never come here."""

    def end(self) -> None:
        self.shutdown()
        with self._lock:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SENT_BYTES)

    def do_GET(self) -> None:
        size = self.server.blocks.size_bytes
        asked = _RANGE.fullmatch(self.headers.get("Range", "bytes=0-"))
        if self.path != self.server.name or not asked:
            self.send_error(404)
            return
        first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
        if first > last:
            self.send_error(416)
            return
        self.send_response(206)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        self._send(first, last + 1)

    def _send(self, offset: int, end: int) -> None:
        while offset < end:
            try:
                content = self.server.blocks.read(offset)
            except Exception as error:
                self.server.failure = self.server.failure or error
                self.close_connection = True
                return
            self.wfile.write(content[: end - offset])
            offset += len(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is said: who serves it knows what failed."""


@frozen
class Served:
    """Where the object is read, and what could not be given of it."""

    server: _Server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{self.server.name}"

    def check(self) -> None:
        """Raise what could not be given, if anything: as the store raised it, or an OSError."""
        if self.server.failure:
            raise self.server.failure


@contextmanager
def served(blocks: Blocks) -> Iterator[Served]:
    """Serve the object while the context lasts. Whoever reads on then finds its end."""
    server = _Server(blocks)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="serve a source")
    thread.start()
    try:
        yield Served(server)
    finally:
        blocks.close()
        server.end()
        thread.join()
