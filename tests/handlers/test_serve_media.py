"""Files of an owner on `resplice serve`: sent, served and shown over real sockets."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from resplice.adapters.disk.media_tokens import MediaTokens
from resplice.ports.media import Upload
from served import Served, running
from studio import picture

FILE = "/v2/media/file"
DATA = bytes(range(256)) * 4000
"""A megabyte: more than sockets hold."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "data"


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    with running(folder) as server:
        yield server


def registered(served: Served, name: str, size: int = len(DATA), **more: Any) -> dict[str, Any]:
    body = {"name": name, "contentType": "video/mp4", "size": size, **more}
    status, answer = served.json("POST", FILE, body)
    assert status == 200, answer
    return dict(answer)


def put(served: Served, url: str, data: bytes, **headers: str) -> tuple[int, Any]:
    """Without a key, as clients do."""
    named = {"Content_Type": "video/mp4", **headers}
    response, raw = served.call("PUT", urlsplit(url).path, data, key=None, **named)
    return response.status, json.loads(raw)


def status_of(served: Served, name: str) -> str:
    return str(served.json("GET", f"{FILE}?path={name}")[1]["file"]["status"])


def arrived(folder: Path) -> list[Path]:
    return [path for path in (folder / "media/tmp").glob("*") if path.is_file()]


def until_nothing_arrives(folder: Path) -> None:
    deadline = time.monotonic() + 20
    while arrived(folder):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_file_is_sent_and_served_by_parts(served: Served, folder: Path) -> None:
    made = registered(served, "clip.mp4", folder="a")
    assert status_of(served, "a/clip.mp4") == "pending"
    path = urlsplit(made["fileUrl"]).path
    assert served.call("GET", path, key=None)[0].status == 404
    assert put(served, made["uploadUrl"], DATA)[0] == 200
    assert status_of(served, "a/clip.mp4") == "uploaded"
    response, raw = served.call("GET", path, key=None)
    assert response.status == 200 and raw == DATA
    assert response.getheader("Content-Type") == "video/mp4"
    assert response.getheader("Content-Security-Policy") == "sandbox"
    etag = response.getheader("ETag")
    response, raw = served.call("GET", path, key=None, Range="bytes=10-19")
    assert response.status == 206 and raw == DATA[10:20]
    assert etag and served.call("GET", path, key=None, If_None_Match=etag)[0].status == 304
    assert served.call("HEAD", path, key=None)[0].getheader("Content-Length") == str(len(DATA))
    assert put(served, made["fileUrl"], DATA)[0] == 405
    assert arrived(folder) == []


def test_what_is_not_as_it_was_registered_is_refused(served: Served) -> None:
    made = registered(served, "exact.mp4")
    for data, headers, said in (
        (DATA, {"Content_Type": "video/webm"}, "must be video/mp4"),
        (DATA, {"Content_Type": "video/mp4; a=b"}, "must be video/mp4"),
        (DATA[:-1], {}, f"must have {len(DATA)} bytes"),
        (DATA + b"x", {}, f"must have {len(DATA)} bytes"),
    ):
        status, answer = put(served, made["uploadUrl"], data, **headers)
        assert status == 403 and said in answer["message"]
    assert put(served, made["uploadUrl"] + "x", DATA)[0] == 403
    assert put(served, made["uploadUrl"][:-9], DATA)[0] == 403
    assert status_of(served, "exact.mp4") == "pending"
    assert put(served, made["uploadUrl"], DATA)[0] == 200


def test_a_url_holds_for_its_time_and_for_its_file(served: Served, folder: Path) -> None:
    made = registered(served, "late.mp4", size=4)
    tokens = MediaTokens(folder / "media/upload.key")
    upload, until_s = tokens.read(made["uploadUrl"].rpartition("/")[2])  # type: ignore[misc]
    assert isinstance(upload, Upload) and 0 < until_s - time.time() <= 120
    late = "/media-upload/" + tokens.token(upload, int(time.time()) - 1)
    status, answer = put(served, late, b"abcd")
    assert status == 403 and "expired" in answer["message"]
    served.json("DELETE", FILE, {"name": "late.mp4"})
    status, answer = put(served, made["uploadUrl"], b"abcd")
    assert status == 403 and "deleted" in answer["message"]
    again = registered(served, "late.mp4", size=4)
    assert put(served, again["uploadUrl"], b"abcd")[0] == 200


def test_nothing_is_left_of_what_was_cut_off(served: Served, folder: Path) -> None:
    made = registered(served, "cut.mp4")
    with closing(socket.create_connection(("127.0.0.1", served.port), 10)) as connection:
        connection.sendall(head(made, len(DATA)) + DATA[: len(DATA) // 2])
        deadline = time.monotonic() + 20
        while not arrived(folder):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    until_nothing_arrives(folder)
    assert status_of(served, "cut.mp4") == "pending"
    assert served.call("GET", urlsplit(made["fileUrl"]).path, key=None)[0].status == 404


def test_a_slow_file_comes_whole_and_holds_up_nobody(served: Served) -> None:
    made = registered(served, "slow.mp4")
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)) as connection:
        connection.putrequest("PUT", urlsplit(made["uploadUrl"]).path)
        connection.putheader("Content-Type", "video/mp4")
        connection.putheader("Content-Length", str(len(DATA)))
        connection.endheaders()
        for start in range(0, len(DATA), len(DATA) // 5):
            assert status_of(served, "slow.mp4") == "pending"
            connection.send(DATA[start : start + len(DATA) // 5])
        assert connection.getresponse().status == 200
    assert served.call("GET", urlsplit(made["fileUrl"]).path, key=None)[1] == DATA


def test_a_length_has_to_be_said(served: Served) -> None:
    made = registered(served, "chunks.mp4")
    path = urlsplit(made["uploadUrl"]).path.encode()
    sent = b"PUT " + path + b" HTTP/1.1\r\nHost: localhost:" + str(served.port).encode()
    chunked = (
        b"\r\nContent-Type: video/mp4\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
    )
    answer = b"".join(served.raw(sent + chunked, close=True))
    assert answer.startswith(b"HTTP/1.1 411 ")


def test_a_movie_shows_the_file_as_it_is_now(served: Served) -> None:
    sizes = []
    document: dict[str, Any] = {}
    for colour in ("red", "blue"):
        data = picture(colour, (32, 32))
        more = {"contentType": "image/png", "folder": "shown"}
        made = registered(served, "x.png", len(data), **more)
        assert put(served, made["uploadUrl"], data, Content_Type="image/png")[0] == 200
        element = {"type": "image", "src": made["fileUrl"]}
        scene = {"duration": 1, "elements": [element]}
        document = {"width": 64, "height": 64, "fps": 5, "scenes": [scene]}
        movie = served.ended(served.post(document))
        assert movie["status"] == "done", movie["message"]
        assert movie["cache"]["movie"]["result"] == "miss"
        sizes.append(movie["url"])
        hit = served.ended(served.post(document))
        assert hit["cache"]["movie"]["result"] == "hit" and hit["url"] == movie["url"]
        gone = served.json("DELETE", FILE, {"name": "x.png", "folder": "shown"})
        assert gone == (200, {"success": True})
    assert len(set(sizes)) == 2


def head(made: dict[str, Any], length: int) -> bytes:
    path = urlsplit(made["uploadUrl"]).path
    said = f"PUT {path} HTTP/1.1\r\nHost: {urlsplit(made['uploadUrl']).netloc}\r\n"
    return f"{said}Content-Type: video/mp4\r\nContent-Length: {length}\r\n\r\n".encode()
