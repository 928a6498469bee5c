"""What stands before a server when clients come by TLS and another name.

A forwarder, as one would set up a reverse proxy: it hands on bytes as they come, and writes the
server's own name in the Host.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

from certificates import self_signed


class TlsFront(ThreadingTCPServer):
    """port: of the server behind it. certificate: of the names that clients may come by."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Forwarded)
        self.behind, self.certificate = ("127.0.0.1", port), certificate
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, *_: Any) -> None:
        """A client that went."""


class _Forwarded(StreamRequestHandler):
    server: TlsFront

    def handle(self) -> None:
        with closing(socket.create_connection(self.server.behind, 30)) as server:
            back = threading.Thread(target=self._hand_back, args=(server,), daemon=True)
            back.start()
            while head := self._head():
                server.sendall(b"".join(head))
                server.sendall(self.rfile.read(_length(head)))
            with suppress(OSError):
                server.shutdown(socket.SHUT_WR)
            back.join(30)

    def _head(self) -> list[bytes]:
        """The lines of a request, the empty one too; none at the end of the connection."""
        host = b"Host: %s:%d\r\n" % (self.server.behind[0].encode(), self.server.behind[1])
        lines: list[bytes] = []
        while line := self.rfile.readline():
            lines.append(host if line.lower().startswith(b"host:") else line)
            if line == b"\r\n":
                return lines
        return []

    def _hand_back(self, server: socket.socket) -> None:
        with suppress(OSError):
            while piece := server.recv(1 << 16):
                self.connection.sendall(piece)
            self.connection.shutdown(socket.SHUT_RDWR)


def _length(head: list[bytes]) -> int:
    lengths = [line[15:] for line in head if line.lower().startswith(b"content-length:")]
    return int(lengths[0]) if lengths else 0


@contextmanager
def fronted(port: int, folder: Path, *names: str) -> Iterator[TlsFront]:
    with TlsFront(port, self_signed(folder, *names)) as front:
        threading.Thread(target=front.serve_forever, args=(0.02,), daemon=True).start()
        yield front
        front.shutdown()
