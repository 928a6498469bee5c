"""The local server's front takes uploads: in pieces, as long as a file may take, or not at all."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import pytest
from resplice.adapters.http_server.front import HttpFront
from resplice.adapters.http_server.uploads import Upload, UploadRefused

WITHIN_SECONDS = 8.0
BODY = b"0123456789" * 100_000


@dataclass
class Kept:
    """One upload, as it was seen."""

    pieces: list[bytes] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def write(self, data: bytes) -> None:
        self.pieces.append(data)

    def finish(self) -> None:
        self.told.append("finished")

    def abandon(self) -> None:
        self.told.append("abandoned")


@dataclass
class Uploads:
    """Takes all but what has the token `no`."""

    kept: list[Kept] = field(default_factory=list)

    def begin(self, token: str, headers: Mapping[str, str], length_bytes: int) -> Upload:
        if token == "no":
            raise UploadRefused(403, f"{length_bytes} bytes of {headers['content-type']}: no")
        self.kept.append(Kept())
        return self.kept[-1]


@contextmanager
def connected(
    uploads: Uploads, request_s: float = 60.0
) -> Iterator[tuple[HttpFront, socket.socket]]:
    with HttpFront(
        0,
        lambda event, _: {"statusCode": 404, "headers": {}, "body": ""},
        None,  # type: ignore[arg-type]
        lambda: "now",
        uploads=uploads,
        request_s=request_s,
    ) as front:
        front.start()
        address = ("127.0.0.1", front.port)
        with closing(socket.create_connection(address, WITHIN_SECONDS)) as connection:
            yield front, connection


def head(front: HttpFront, token: str, length: int | None, *more: str) -> bytes:
    lines = [f"PUT /media-upload/{token} HTTP/1.1", f"Host: localhost:{front.port}"]
    lines += ["Content-Type: image/png", *more]
    lines += [] if length is None else [f"Content-Length: {length}"]
    return "\r\n".join([*lines, "", ""]).encode()


def test_a_file_comes_in_pieces() -> None:
    uploads = Uploads()
    with connected(uploads) as (front, connection):
        connection.sendall(head(front, "yes", len(BODY)) + BODY)
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
    (kept,) = uploads.kept
    assert b"".join(kept.pieces) == BODY and kept.told == ["finished", "abandoned"]
    assert max(map(len, kept.pieces)) < len(BODY)


@pytest.mark.parametrize("expects", [(), ("Expect: 100-continue",)], ids=["plain", "expecting"])
def test_what_may_not_come_is_refused_before_it_does(expects: tuple[str, ...]) -> None:
    with connected(Uploads()) as (front, connection):
        connection.sendall(head(front, "no", 10**6, *expects))
        answer = connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 403 ") and b"1000000 bytes of image/png: no" in answer


def test_a_file_of_no_known_length_is_refused() -> None:
    with connected(Uploads()) as (front, connection):
        connection.sendall(head(front, "yes", None, "Transfer-Encoding: chunked"))
        assert connection.recv(4096).startswith(b"HTTP/1.1 411 ")


def test_a_file_that_ends_in_its_middle_is_abandoned() -> None:
    uploads = Uploads()
    with connected(uploads) as (front, connection):
        connection.sendall(head(front, "yes", 10) + b"01234")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(4096).startswith(b"HTTP/1.1 400 ")
    assert [kept.told for kept in uploads.kept] == [["abandoned"]]


def test_each_file_on_a_connection_may_take_longer_than_a_request() -> None:
    """By its length: these have 8.5 s, where another request has 0.5."""
    uploads, length = Uploads(), 400_000
    with connected(uploads, request_s=0.5) as (front, connection):
        for _ in range(2):
            connection.sendall(head(front, "yes", length))
            until = time.monotonic() + 0.7
            sent = 0
            while time.monotonic() < until:
                sent += connection.send(b"x")
                time.sleep(0.02)
            connection.sendall(b"x" * (length - sent))
            assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
    assert [len(b"".join(kept.pieces)) for kept in uploads.kept] == [length, length]
