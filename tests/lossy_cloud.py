"""The way to the cloud of tests, as it is on bad days: a test decides what becomes of requests."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import cloud
from botocore.config import Config

Answer = tuple[int, bytes]
Fate = Callable[[str, bytes, Callable[[bytes], Answer]], Answer | None]
"""(operation, body, what sends a body on) to the answer; None: the connection just ends."""


@contextmanager
def client_with(fate: Fate, attempts: int = 5) -> Iterator[Any]:
    """A client of DynamoDB with this fate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fate))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield boto3.client(
            "dynamodb",
            endpoint_url=f"http://127.0.0.1:{server.server_port}",
            region_name=cloud.REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(retries={"total_max_attempts": attempts}),
        )
    finally:
        server.shutdown()
        server.server_close()


def losing_the_first_answer(to: str, about: bytes = b"") -> Fate:
    """The first request of an operation with these bytes is done, but nobody hears of it."""
    lost: list[str] = []

    def fate(operation: str, body: bytes, send: Callable[[bytes], Answer]) -> Answer | None:
        answer = send(body)
        if operation == to and about in body and not lost:
            lost.append(operation)
            return None
        return answer

    return fate


def _handler(fate: Fate) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            operation = self.headers["X-Amz-Target"].partition(".")[2]
            answer = fate(operation, body, self.send_on)
            self.close_connection = True
            if answer:
                self.send_response(answer[0])
                self.send_header("Content-Length", str(len(answer[1])))
                # Else the client may send its next request into a connection that just ends.
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(answer[1])

        def send_on(self, body: bytes) -> Answer:
            kept = {
                name: value
                for name, value in self.headers.items()
                if name in ("Authorization", "Content-Type", "X-Amz-Target")
            }
            request = urllib.request.Request(cloud.endpoint(), body, kept)
            try:
                with urllib.request.urlopen(request) as told:
                    return told.status, told.read()
            except urllib.error.HTTPError as error:
                return error.code, error.read()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
