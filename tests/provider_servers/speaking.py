"""What the local servers of voice providers share: what they were asked, what they bill, and the
faults that are to come first. Each checks what its provider's documentation asks of a request.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from footage import ffmpeg
from provider_servers.serving import StandIn

Fault = Callable[["Handler"], object]


@dataclass(frozen=True)
class Asked:
    """A request. Names of headers are in lower case; path is with its query."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: SpeakingServer

    def do_POST(self) -> None:
        server = self.server
        length = int(self.headers.get("Content-Length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, self.rfile.read(length))
        server.asked.append(asked)
        (server.faults.popleft() if server.faults else _usual(asked))(self)

    do_GET = do_POST  # noqa: N815

    def give(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content_Length", str(len(body)))
        for name, value in {"Content_Type": kind, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def give_json(self, status: int, value: Any, **headers: str) -> None:
        self.give(status, json.dumps(value).encode(), "application/json", **headers)

    def log_message(self, *_: Any) -> None:
        pass


class SpeakingServer(StandIn):
    """asked: every request. characters: what was billed, over all. faults: come first, in order.
    connections: how many were opened.
    """

    def __init__(self) -> None:
        super().__init__(Handler)
        self.asked: list[Asked] = []
        self.characters = self.connections = 0
        self.faults: deque[Fault] = deque()

    def count(self) -> int:
        """Of requests. The first may be on its way: who asked may have given up before."""
        for _ in range(500):
            if self.asked:
                break
            time.sleep(0.02)
        return len(self.asked)

    def process_request(self, *request: Any) -> None:
        self.connections += 1
        super().process_request(*request)

    def answer(self, to: Handler, asked: Asked) -> None:
        """As the provider does."""
        raise NotImplementedError


def _usual(asked: Asked) -> Fault:
    return lambda to: to.server.answer(to, asked)


def refusing(status: int, value: Any, **headers: str) -> Fault:
    return lambda to: to.give_json(status, value, **headers)


def giving(body: bytes, kind: str = "audio/mpeg", **headers: str) -> Fault:
    return lambda to: to.give(200, body, kind, **headers)


def silent(to: Handler) -> None:
    """It reads the request, and says nothing until the test ends."""
    to.server.ending.wait(30)
    to.close_connection = True


def stopping_midway(to: Handler) -> None:
    """It begins an answer, and says no more until the test ends."""
    to.give(200, b"RIFF", "audio/mpeg", Content_Length="1000")
    to.wfile.flush()
    silent(to)


def half(to: Handler) -> None:
    """It promises more than it gives."""
    to.give(200, b"RIFF1234WAVEfmt ", "audio/mpeg", Content_Length="1000")
    to.close_connection = True


def hanging_up(to: Handler) -> None:
    to.close_connection = True


def dripping(to: Handler) -> None:
    """A byte now and then, for as long as it is heard."""
    to.give(200, b"", "audio/mpeg", Content_Length="100000")
    while not to.server.ending.is_set():
        to.wfile.write(b"x")
        to.wfile.flush()
        time.sleep(0.02)


@cache
def tone(extension: str) -> bytes:
    """A second of sound: `wav` (48 kHz), `mp3` or `ogg`."""
    with TemporaryDirectory() as folder:
        at = Path(folder) / f"tone.{extension}"
        ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=1:sample_rate=48000", str(at))
        return at.read_bytes()
