"""moto's server keeps connections: whatever was asked before, the next request is answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from infra.local import moto_answers


class Kept(WSGIRequestHandler):
    run_wsgi = moto_answers.run_wsgi

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing is logged."""


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Its paths are what it does."""
    if environ["PATH_INFO"] == "/fails":
        raise ValueError("on purpose")
    told = b"" if environ["PATH_INFO"] == "/unread" else environ["wsgi.input"].read()
    status = "204 No Content" if environ["PATH_INFO"] == "/nothing" else "200 OK"
    length = [("Content-Length", "7")] if environ["REQUEST_METHOD"] == "HEAD" else []
    start_response(status, length)
    return [told, b"!"]


@pytest.fixture
def asked() -> Iterator[HTTPConnection]:
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Kept)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    try:
        yield connection
    finally:
        connection.close()
        server.shutdown()
        thread.join()
        server.server_close()


def answered(asked: HTTPConnection, method: str, path: str, **more: Any) -> tuple[int, bytes]:
    asked.request(method, path, **more)
    with asked.getresponse() as response:
        return response.status, response.read()


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("PUT", "/echo", (200, b"some words!")),
        ("PUT", "/unread", (200, b"!")),
        ("PUT", "/nothing", (204, b"")),
        ("HEAD", "/echo", (200, b"")),
    ],
)
def test_the_next_request_is_answered_on_the_same_connection(
    asked: HTTPConnection, method: str, path: str, answer: tuple[int, bytes]
) -> None:
    assert answered(asked, method, path, body=b"some words") == answer
    assert asked.sock
    ours = asked.sock.getsockname()
    assert answered(asked, "PUT", "/echo", body=b"more") == (200, b"more!")
    assert asked.sock and asked.sock.getsockname() == ours


def test_what_fails_is_an_answer_too(asked: HTTPConnection) -> None:
    assert answered(asked, "PUT", "/fails", body=b"some words")[0] == 500
    assert asked.sock
    assert answered(asked, "GET", "/echo") == (200, b"!")


def test_who_waits_to_be_asked_for_a_body_is_asked(asked: HTTPConnection) -> None:
    asked.connect()
    asked.sock.sendall(
        b"PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    )
    assert asked.sock and asked.sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    asked.sock.sendall(b"Hi")
    assert asked.sock.recv(1000).endswith(b"\r\n\r\nHi!")


def test_after_a_body_of_no_told_length_the_connection_ends(asked: HTTPConnection) -> None:
    assert answered(asked, "PUT", "/echo", body=iter([b"some ", b"words"])) == (
        200,
        b"some words!",
    )
    assert asked.sock is None


def test_a_connection_that_nobody_uses_ends(
    asked: HTTPConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moto_answers, "IDLE_SECONDS", 0.01)
    answered(asked, "GET", "/echo")
    assert asked.sock and asked.sock.recv(1) == b""
