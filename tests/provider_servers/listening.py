"""What the local servers of transcribers have in common: forms that they read as documented, what
they were asked, and the faults that come first.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler
from typing import Any

from provider_servers.serving import StandIn

KEY = "sk-the-operators-own-key-0123456789"


@dataclass(frozen=True)
class Part:
    """A part of a form. file: the name that it is sent with; empty for a field."""

    name: str
    file: str
    kind: str
    body: bytes


@dataclass(frozen=True)
class Heard:
    """A request. Names of headers are in lower case; path is with its query."""

    method: str
    path: str
    headers: dict[str, str]
    parts: tuple[Part, ...]

    def part(self, name: str) -> Part | None:
        return next((part for part in self.parts if part.name == name), None)

    def text(self, name: str) -> str | None:
        part = self.part(name)
        return part.body.decode() if part else None

    def texts(self, name: str) -> list[str]:
        return [part.body.decode() for part in self.parts if part.name == name]


Fault = Callable[["Handler"], object]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ListeningServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        parts = tuple(_parts(headers.get("content-type", ""), body))
        heard = Heard(self.command, self.path, headers, parts)
        self.server.asked.append(heard)
        if self.server.faults:
            self.server.faults.popleft()(self)
        else:
            self.give(*self.server.answer(heard))

    def give(self, status: int, value: Any, **headers: str) -> None:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        headers.setdefault("Content_Length", str(len(body)))
        for name, text in {"Content_Type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class ListeningServer(StandIn):
    """asked: every request. faults: come first, in order. said: its answer, if not the usual."""

    def __init__(self) -> None:
        super().__init__(Handler)
        self.asked: list[Heard] = []
        self.faults: deque[Fault] = deque()
        self.said: Any = None

    def answer(self, heard: Heard) -> tuple[int, Any]:
        """As the provider does: its refusal, or the transcript."""
        refusal = self.refusal(heard)
        return refusal or (200, self.transcript() if self.said is None else self.said)

    def refusal(self, heard: Heard) -> tuple[int, Any] | None:
        raise NotImplementedError

    def transcript(self) -> Any:
        """`Save 20%, says Okonkwo. ¿Sí?`, from 270 ms on."""
        raise NotImplementedError

    def silence(self) -> Any:
        """The answer to a sound in which nobody speaks."""
        raise NotImplementedError


def _parts(kind: str, body: bytes) -> Iterator[Part]:
    """The parts of a form, by an independent reader of MIME."""
    if not kind.startswith("multipart/form-data"):
        return
    head = f"MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n".encode()
    for part in BytesParser(policy=policy.HTTP).parsebytes(head + body).iter_parts():
        disposition = part["Content-Disposition"].params
        assert part["Content-Disposition"].content_disposition == "form-data"
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        name, file = disposition["name"], disposition.get("filename", "")
        yield Part(name, file, part.get_content_type(), content)


def refusing(status: int, value: Any, **headers: str) -> Fault:
    return lambda to: to.give(status, value, **headers)


def half(to: Handler) -> None:
    """It promises more than it gives."""
    to.give(200, b'{"text": "Sa', Content_Length="1000")
    to.close_connection = True


def silent(to: Handler) -> None:
    """It reads the request, and says nothing until the test ends."""
    to.server.ending.wait(30)
    to.close_connection = True
