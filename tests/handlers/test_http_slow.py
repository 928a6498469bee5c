"""The local server's front against callers who are slow, leave, or hold back, on either side of an
answer.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.http_server import application, arriving
from resplice.adapters.http_server.front import HttpFront

KEY = f"movies/{'a' * 64}.mp4"
WITHIN_SECONDS = 8.0
LARGE_BYTES = 16 * 2**20
"""More than the buffers of two sockets hold."""


def answered(event: dict[str, Any], _: Any) -> dict[str, Any]:
    if event["rawPath"] == "/large":
        return {"statusCode": 200, "headers": {}, "body": "x" * LARGE_BYTES}
    return {"statusCode": 200, "headers": {}, "body": event["rawPath"]}


@contextmanager
def front(handler: Any = answered, objects: Any = None, **options: Any) -> Iterator[HttpFront]:
    with HttpFront(0, handler, objects, lambda: "now", **options) as made:
        made.start()
        yield made


def connected(to: HttpFront) -> socket.socket:
    return socket.create_connection(("127.0.0.1", to.port), WITHIN_SECONDS)


def head(to: HttpFront, line: str, *more: str) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", f"Host: localhost:{to.port}", *more, "", ""]).encode()


def rest(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def connections(to: HttpFront) -> int:
    return len(to._server.server_state.connections)


@pytest.mark.parametrize("then", [b"", b"x"], ids=["silent", "trickling"])
def test_the_second_of_two_requests_sent_together_has_a_deadline_too(then: bytes) -> None:
    with front(request_s=0.5) as served, closing(connected(served)) as connection:
        second = head(served, "POST /second", "Content-Length: 999")
        connection.sendall(head(served, "GET /first") + second + then)
        answers = rest(connection)
    assert b"/first" in answers and b"HTTP/1.1 408 " in answers


@pytest.mark.parametrize("takes_s", [0, 0.2])
def test_who_has_sent_all_and_closes_his_side_is_answered(takes_s: float) -> None:
    def slowly(event: dict[str, Any], context: Any) -> dict[str, Any]:
        time.sleep(takes_s)
        return answered(event, context)

    with front(slowly) as served, closing(connected(served)) as connection:
        connection.sendall(head(served, "POST /all", "Content-Length: 2") + b"{}")
        connection.shutdown(socket.SHUT_WR)
        assert rest(connection).endswith(b"/all")
        until(lambda: connections(served) == 0)


@pytest.mark.parametrize("path", ["/large", f"/{KEY}"], ids=["an answer", "a file"])
@pytest.mark.parametrize("more", [(), ("Connection: close",)], ids=["kept", "closing"])
def test_who_does_not_take_what_he_asked_for_is_given_up(
    path: str, more: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "SEND_SECONDS", 0.3)
    with (
        closing(large(tmp_path)) as objects,
        front(objects=objects, request_s=0.5) as served,
        closing(connected(served)) as connection,
    ):
        connection.sendall(head(served, f"GET {path}", *more))
        assert connection.recv(12, socket.MSG_WAITALL) == b"HTTP/1.1 200"
        until(lambda: connections(served) == 0)


def test_the_rest_of_a_file_is_not_read_for_who_has_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "PIECE_BYTES", 64)
    with closing(large(tmp_path)) as objects, front(objects=objects) as served:
        with closing(connected(served)) as connection:
            connection.sendall(head(served, f"GET /{KEY}"))
            assert connection.recv(12, socket.MSG_WAITALL) == b"HTTP/1.1 200"
        until(lambda: not served._server.server_state.tasks)


def large(folder: Path) -> DiskObjects:
    """One movie, larger than what is on its way can be."""
    objects = DiskObjects(folder, None)
    file = folder / "large"
    file.write_bytes(b"x" * LARGE_BYTES)
    objects.put(KEY, file, {})
    return objects


def test_what_others_do_wrong_fills_no_log(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with front() as served:
        for sent in (b"no HTTP\r\n\r\n", head(served, "GET /large")):
            with closing(connected(served)) as connection:
                connection.sendall(sent)
                connection.recv(12)
        until(lambda: connections(served) == 0)
    assert caplog.records == [] and capfd.readouterr().err == ""


def test_an_answer_that_has_begun_is_finished_and_no_new_one_is_begun() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def waiting(event: dict[str, Any], context: Any) -> dict[str, Any]:
        begun.set()
        may_end.wait(WITHIN_SECONDS)
        return answered(event, context)

    with front(waiting) as served, closing(connected(served)) as connection:
        idle = connected(served)
        connection.sendall(head(served, "GET /begun"))
        assert begun.wait(WITHIN_SECONDS)
        stopping = threading.Thread(target=served.stop)
        stopping.start()
        with closing(idle):
            assert idle.recv(1) == b""
        with pytest.raises(OSError, match="refused"):
            connected(served)
        may_end.set()
        assert rest(connection).endswith(b"/begun")
        stopping.join(WITHIN_SECONDS)
        assert not stopping.is_alive()


def test_each_answer_leaves_at_once_and_in_one_piece() -> None:
    with front() as served, closing(connected(served)) as connection:
        for _ in range(20):
            connection.sendall(head(served, "GET /whole"))
            assert connection.recv(65_536).endswith(b"\r\n\r\n/whole")
        (each,) = served._server.server_state.connections
        sock = each.transport.get_extra_info("socket")
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
