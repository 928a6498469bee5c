"""The local server's front and its workflow by themselves: slow, many and failing callers."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any

import pytest
from resplice.adapters.http_server import application, arriving
from resplice.adapters.http_server.event_feed import EventFeed
from resplice.adapters.http_server.front import HttpFront


def echo(event: dict[str, Any], _: Any) -> Mapping[str, Any]:
    if event["rawPath"] == "/fail":
        raise ValueError("a secret")
    return {"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": json.dumps(event)}


@contextmanager
def front(**options: Any) -> Iterator[HttpFront]:
    with HttpFront(0, echo, None, lambda: "now", **options) as made:  # type: ignore[arg-type]
        made.start()
        yield made


def connected(to: HttpFront) -> socket.socket:
    return socket.create_connection(("127.0.0.1", to.port), 5)


def told(to: HttpFront, sent: bytes) -> tuple[int, Any]:
    """Status and JSON of the answer to one request, after which the connection ends."""
    with closing(connected(to)) as connection:
        connection.sendall(sent)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def hosted(to: HttpFront) -> bytes:
    """The rest of a head that asks for one answer."""
    return f"Host: localhost:{to.port}\r\nConnection: close\r\n\r\n".encode()


def event_of(to: HttpFront, *lines: str, body: bytes = b"") -> dict[str, Any]:
    host = [] if any(line.startswith("Host") for line in lines) else [f"Host: localhost:{to.port}"]
    fixed = [*lines, *host, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    status, event = told(to, "\r\n".join(fixed).encode() + body)
    assert status == 200
    return dict(event)


def test_a_request_as_an_event() -> None:
    with front() as served:
        event = event_of(
            served,
            "POST /a%20b/c?x=1&y=%C3%A9&x=2&z= HTTP/1.1",
            *(
                f"Host: localhost:{served.port}",
                "X-Two: a",
                "X-Two: b",
                "Cookie: p=1; q=2",
                "User-Agent: me",
            ),
            "Content-Type: application/json; charset=utf-8",
            body="{é}".encode(),
        )
    assert event["version"] == "2.0" and event["rawPath"] == "/a%20b/c"
    assert event["rawQueryString"] == "x=1&y=%C3%A9&x=2&z="
    assert event["queryStringParameters"] == {"x": "1,2", "y": "é", "z": ""}
    assert event["headers"]["x-two"] == "a,b" and event["cookies"] == ["p=1", "q=2"]
    assert (event["body"], event["isBase64Encoded"]) == ("{é}", False)
    about = event["requestContext"]["http"]
    assert (about["method"], about["userAgent"]) == ("POST", "me")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/octet-stream", b"ab"), ("application/json", b"\xff\xfe")],
)
def test_what_is_no_text_travels_as_base64(content_type: str, body: bytes) -> None:
    with front() as served:
        event = event_of(served, "POST / HTTP/1.1", f"Content-Type: {content_type}", body=body)
    assert event["isBase64Encoded"] is True and event["body"] in ("YWI=", "//4=")


@pytest.mark.parametrize(
    ("request_line", "headers", "status"),
    [
        ("POST /", ["Host: 127.0.0.1:{port}"], 200),
        ("POST /", ["Host: LOCALHOST:{port}", "Origin: http://127.0.0.1:{port}"], 200),
        ("POST /", ["Host: [::1]:{port}"], 200),
        ("GET /", ["Host: localhost:{port}", "Origin: https://elsewhere.example"], 200),
        ("GET /", ["Host: rebound.example:{port}"], 400),
        ("GET /", ["Host: localhost:{port}", "Host: rebound.example"], 400),
        ("GET /", ["Host: localhost:1"], 400),
        ("GET /", ["Host: 127.0.0.1"], 400),
        ("POST /", ["Host: localhost:{port}", "Origin: https://elsewhere.example"], 403),
        ("POST /", ["Host: localhost:{port}", "Origin: http://localhost:1"], 403),
        ("POST /", ["Host: localhost:{port}", "Origin: null"], 403),
    ],
)
def test_web_pages_of_others_are_refused(
    request_line: str, headers: list[str], status: int
) -> None:
    with front() as served:
        lines = [f"{request_line} HTTP/1.1", *headers, "Connection: close", "", ""]
        sent = "\r\n".join(lines).format(port=served.port)
        got, answer = told(served, sent.encode())
    assert got == status and (status == 200 or answer["success"] is False)


def test_a_failing_handler_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with front() as served:
        wanted = {"success": False, "message": "Internal error", "timestamp": "now"}
        assert told(served, b"GET /fail HTTP/1.1\r\n" + hosted(served)) == (500, wanted)
    assert "a secret" in caplog.text


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"GE", b"T"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: ", b"b"),
        (b"POST / HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 999\r\n\r\n", b"x"),
    ],
)
def test_a_request_that_trickles_in_is_given_up(first: bytes, then: bytes) -> None:
    with front(request_s=0.4) as served, closing(connected(served)) as connection:
        began, got = time.monotonic(), b""
        connection.sendall(first.replace(b"{port}", str(served.port).encode()))
        connection.settimeout(0.05)
        while not got and time.monotonic() - began < 20:
            connection.sendall(then)
            with suppress(TimeoutError):
                got = connection.recv(10_000)
        assert got.startswith(b"HTTP/1.1 408 ") and time.monotonic() - began > 0.3


def test_an_idle_connection_is_closed_without_a_word() -> None:
    with front(request_s=0.1) as served, closing(connected(served)) as connection:
        assert connection.recv(100) == b""


def test_too_many_connections_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "MAX_CONNECTIONS", 2)
    with front() as served:
        request = b"GET / HTTP/1.1\r\n" + hosted(served)
        with closing(connected(served)), closing(connected(served)):
            status, answer = told(served, request)
            assert status == 503 and answer["success"] is False
        deadline = time.monotonic() + 5
        while told(served, request)[0] != 200:
            assert time.monotonic() < deadline


def test_large_bodies_at_once_find_room_or_are_told_to_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(application, "MAX_BODIES_BYTES", 400_000)
    large, small = b"x" * 300_000, b"x" * 1000

    def post(to: HttpFront, body: bytes) -> int:
        head = f"POST /a HTTP/1.1\r\nContent-Length: {len(body)}\r\n".encode()
        return told(to, head + hosted(to) + body)[0]

    with front() as served, closing(connected(served)) as slow:
        head = b"POST /a HTTP/1.1\r\nContent-Length: 400000\r\n" + hosted(served)
        slow.sendall(head + large)
        deadline_s = time.monotonic() + 10
        while post(served, large) != 503:
            assert time.monotonic() < deadline_s
        assert post(served, small) == 200
        slow.sendall(large[:100_000])
        assert slow.recv(12) == b"HTTP/1.1 200"
        while post(served, large) != 200:
            assert time.monotonic() < deadline_s


def heard(connection: socket.socket, until: bytes) -> bytes:
    """All that comes before those bytes, with them."""
    got = b""
    while until not in got:
        piece = connection.recv(1 << 20)
        assert piece, got[-1000:]
        got += piece
    return got


def listening(to: HttpFront, method: str = "GET") -> socket.socket:
    connection = connected(to)
    connection.sendall(f"{method} /changes HTTP/1.1\r\nHost: localhost:{to.port}\r\n\r\n".encode())
    return connection


def test_events_are_told_to_all_who_listen_and_the_newest_to_those_who_come_late() -> None:
    feed = EventFeed()
    with front(feeds={"/changes": feed}, request_s=0.2) as served, ExitStack() as stack:
        early = [stack.enter_context(closing(listening(served))) for _ in range(3)]
        for each in early:
            assert b"content-type: text/event-stream" in heard(each, b"\r\n\r\n").lower()
        time.sleep(0.5)  # Longer than a request may take.
        feed.tell({"n": 1, "line": "a\nb"})
        for each in early:
            assert b'data: {"n": 1, "line": "a\\nb"}\n\n' in heard(each, b"\n\n")
        early.pop().close()
        feed.tell({"n": 2})
        late = stack.enter_context(closing(listening(served)))
        for each in (*early, late):
            assert b'{"n": 2}' in heard(each, b"\n\n")
        began_s = time.monotonic()
        feed.end()
        for each in (*early, late):
            assert heard(each, b"0\r\n\r\n")
        assert time.monotonic() - began_s < 5
        with closing(listening(served, "POST")) as refused:
            assert heard(refused, b"\r\n").startswith(b"HTTP/1.1 405 ")


def test_who_is_slow_to_listen_misses_what_is_old_and_holds_up_nobody() -> None:
    feed = EventFeed()
    with front(feeds={"/changes": feed}) as served, closing(listening(served)) as slow:
        heard(slow, b"\r\n\r\n")
        for number in range(40):
            feed.tell({"n": number, "much": "x" * 500_000})
            time.sleep(0.001)
        feed.tell({"n": "last"})
        got = heard(slow, b'data: {"n": "last"}')
        assert 1 < got.count(b"data: ") < 40
        feed.end()
