"""`resplice serve` as its users meet it: a process, real sockets, real renders of small movies."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from held_ffmpeg import HeldFfmpeg, held_ffmpeg
from resplice.steps.execution.record import ELEMENTS_MADE
from served import KEY, TIMESTAMP, Served, running
from studio import COMMAND, called, picture
from web_server import Server as MediaServer
from web_server import serving


@pytest.fixture(scope="module")
def media() -> Iterator[MediaServer]:
    with serving() as server:
        server.answers["/red.png"] = lambda to: to.give(200, picture("#ff0000"))
        server.answers["/gone.png"] = lambda to: to.give(404)
        yield server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, media: MediaServer) -> Iterator[Served]:
    allowed = f"127.0.0.1:{media.server_port}"
    data = tmp_path_factory.mktemp("served")
    with running(data, "--api-key", KEY, "--allow-source", allowed) as server:
        yield server


def plain(colour: str, *more: str, **fields: Any) -> dict[str, Any]:
    scenes = [{"duration": 1, "background-color": each} for each in (colour, *more)]
    return {"width": 64, "height": 64, "fps": 10, "scenes": scenes, **fields}


@pytest.fixture(scope="module")
def done(served: Served) -> dict[str, Any]:
    """A movie that was rendered."""
    movie = served.ended(served.post(plain("#123456")))
    assert movie["status"] == "done", movie
    return movie


def path_of(movie: dict[str, Any], served: Served) -> str:
    path = movie["url"].removeprefix(f"http://127.0.0.1:{served.port}")
    assert re.fullmatch(r"/movies/[0-9a-f]{64}\.mp4", path)
    return str(path)


def test_a_movie_is_rendered_and_downloaded(served: Served, done: dict[str, Any]) -> None:
    assert (done["duration"], done["width"], done["height"]) == (1.0, 64, 64)
    assert done["cache"]["movie"]["result"] == "miss" and done["success"] is True
    response, body = served.call("GET", path_of(done, served), key=None)
    assert response.status == 200 and len(body) == done["size"] and body[4:8] == b"ftyp"
    assert response.getheader("Content-Type") == "video/mp4"
    assert response.getheader("Access-Control-Allow-Origin") == "*"
    kept = response.getheader("Cache-Control") or ""
    assert "immutable" in kept and "max-age=31536000" in kept


def test_the_same_movie_again_is_done_in_the_first_poll(
    served: Served, done: dict[str, Any]
) -> None:
    again = served.poll(served.post(plain("#123456")))
    assert again["status"] == "done" and again["url"] == done["url"]
    assert again["cache"]["movie"]["result"] == "hit"


def test_fifty_equal_posts_at_once_render_once(served: Served) -> None:
    document = plain("#0a0b0c", "#0d0e0f")
    with ThreadPoolExecutor(50) as clients:
        projects = list(clients.map(lambda _: served.post(document), range(50)))
    movies = [served.ended(project) for project in projects]
    results = Counter(movie["cache"]["movie"]["result"] for movie in movies)
    assert {movie["status"] for movie in movies} == {"done"} and len(set(projects)) == 50
    assert results["miss"] == 1 and results.keys() <= {"miss", "joined", "hit"}
    assert len({movie["url"] for movie in movies}) == 1


def test_parts_of_a_movie(served: Served, done: dict[str, Any]) -> None:
    path, size = path_of(done, served), done["size"]
    whole, body = served.call("GET", path)
    etag = whole.getheader("ETag") or ""
    assert whole.getheader("Accept-Ranges") == "bytes" and re.fullmatch('"[0-9a-f]{64}"', etag)

    def part(wanted: str, **more: str) -> tuple[int, str | None, bytes]:
        response, piece = served.call("GET", path, Range=wanted, **more)
        assert response.getheader("ETag") == etag
        return response.status, response.getheader("Content-Range"), piece

    assert part("bytes=0-99") == (206, f"bytes 0-99/{size}", body[:100])
    assert part("bytes=100-") == (206, f"bytes 100-{size - 1}/{size}", body[100:])
    assert part("bytes=-10") == (206, f"bytes {size - 10}-{size - 1}/{size}", body[-10:])
    assert part(f"bytes=-{size * 2}") == (206, f"bytes 0-{size - 1}/{size}", body)
    assert part(f"bytes=7-{10**29}") == (206, f"bytes 7-{size - 1}/{size}", body[7:])
    assert part("bytes=5-8", If_Range=etag)[0] == 206
    for ignored in ("bytes=9-5", "bytes=0-1,4-5", "pages=1-2", "bytes=-", f"bytes={'9' * 5000}-"):
        assert part(ignored) == (200, None, body)
    assert part("bytes=5-8", If_Range='"other"') == (200, None, body)
    for outside in (f"bytes={size}-", "bytes=-0"):
        status, told, error = part(outside)
        assert (status, told) == (416, f"bytes */{size}") and json.loads(error)["message"]
    response, nothing = served.call("GET", path, If_None_Match=etag)
    assert response.status == 304 and nothing == b""


def test_head_tells_what_get_would(served: Served, done: dict[str, Any]) -> None:
    path = path_of(done, served)
    response, nothing = served.call("HEAD", path)
    assert (response.status, nothing) == (200, b"")
    assert response.getheader("Content-Length") == str(done["size"])
    response, nothing = served.call("HEAD", path, Range="bytes=0-4")
    assert (response.status, response.getheader("Content-Length")) == (206, "5")
    assert served.call("HEAD", path.replace("movies/", "movies/0"))[0].status == 404


def test_a_movie_that_is_not_there_is_404_json(served: Served) -> None:
    for path in (
        f"/movies/{'0' * 64}.mp4",
        "/movies/../records.sqlite",
        f"/movies/..%2f..%2f{'0' * 64}.mp4",
        "//etc/passwd",
        "/movies/",
    ):
        status, answer = served.json("GET", path)
        assert status == 404 and answer["success"] is False and answer["message"]
    assert served.json("PUT", f"/movies/{'0' * 64}.mp4")[0] == 405


def test_a_movie_that_was_removed_is_404_and_rendered_again(tmp_path: Path) -> None:
    with running(tmp_path) as served:
        first = served.ended(served.post(plain("#777777")))
        assert called("cache", "clear", "--data", tmp_path).returncode == 0
        for entry in (tmp_path / "objects" / "entries" / "movies").rglob("*.json"):
            entry.unlink()
        assert served.json("GET", path_of(first, served))[0] == 404
        again = served.ended(served.post(plain("#777777")))
        assert again["cache"]["movie"]["result"] == "miss"
        assert served.call("GET", path_of(again, served))[0].status == 200


def test_the_key(served: Served) -> None:
    missing = {"success": False, "message": "Error: API Key not provided"}
    wrong = {"success": False, "message": "Error: Invalid API Key"}
    for method in ("GET", "POST"):
        assert served.json(method, "/v2/movies", key=None) == (400, missing)
        assert served.json(method, "/v2/movies", key="wrong") == (400, wrong)
    assert served.json("GET", "/healthz", key=None) == (200, {"success": True})


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"{", b"null", b'"x"', b"\xff", b"[" * 99999])
@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_what_is_no_movie_is_400(served: Served, body: bytes, content_type: str) -> None:
    status, answer = served.json("POST", "/v2/movies", body, Content_Type=content_type)
    assert status == 400 and answer["success"] is False and "movie" in answer["message"]


def test_a_wrong_document_is_400_with_its_paths(served: Served) -> None:
    status, answer = served.json("POST", "/v2/movies", {"scenes": [{"elements": [{"type": "no"}]}]})
    assert status == 400 and answer["errors"][0]["path"] == "scenes[0].elements[0].type"
    assert answer["message"].startswith("Scene #1, element #1: ")


def picture_movie(url: str) -> dict[str, Any]:
    element = {"type": "image", "src": url}
    return plain("#000000", scenes=[{"duration": 1, "elements": [element]}])


def test_a_source_is_fetched_from_where_it_is_allowed(served: Served, media: MediaServer) -> None:
    movie = served.ended(served.post(picture_movie(media.url("/red.png"))))
    assert movie["status"] == "done" and movie["cache"]["elements"][0]["result"] == "miss"


def test_a_source_that_is_missing_ends_the_project(served: Served, media: MediaServer) -> None:
    url = media.url("/gone.png")
    movie = served.ended(served.post(picture_movie(url)))
    assert movie["status"] == "error" and movie["url"] is None and movie["success"] is False
    assert movie["message"] == f"Scene #1, element #1: Failed to download '{url}' (404)"


def test_this_machine_is_no_source_unless_allowed(tmp_path: Path, media: MediaServer) -> None:
    before = len(media.seen)
    with running(tmp_path) as served:
        local_file = picture_movie(str(tmp_path / "records.sqlite"))
        assert served.json("POST", "/v2/movies", local_file)[0] == 400
        for url in (media.url("/red.png"), f"http://127.0.0.1:{served.port}/healthz"):
            movie = served.ended(served.post(picture_movie(url)))
            assert movie["status"] == "error"
            assert movie["message"].startswith("Scene #1, element #1: Failed to download")
    assert len(media.seen) == before


def test_a_scene_is_rendered_while_the_source_of_another_is_awaited(
    tmp_path: Path, media: MediaServer
) -> None:
    asked_for, go_on = media.held_back("/held.png", picture("#00ff00"))
    sources = ({"src": media.url("/red.png"), "zoom": 3}, {"src": media.url("/held.png")})
    scenes = [{"duration": 1, "elements": [{"type": "image", **each}]} for each in sources]
    with running(tmp_path, "--allow-source", f"127.0.0.1:{media.server_port}") as served:
        project = served.post(plain("#000000", scenes=scenes))
        assert asked_for.wait(30)
        told = served.until(project, lambda told: bool(segments(tmp_path)))
        assert told["status"] == "running"
        go_on.set()
        assert served.ended(project)["status"] == "done"
    assert len(segments(tmp_path)) == 2


def long_movie() -> dict[str, Any]:
    """Some pieces of work, four to a call."""
    return plain(*(f"#{n * 8:02x}0040" for n in range(32)))


@pytest.fixture
def held(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HeldFfmpeg]:
    with held_ffmpeg(tmp_path_factory.mktemp("held")) as made:
        monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(made.program))
        yield made


def is_under_way(movie: dict[str, Any]) -> bool:
    percent = re.fullmatch(r"Rendering (\d+)%", movie["message"])
    return bool(percent) and int(percent[1]) >= 3


def test_a_killed_server_finishes_its_projects_at_the_next_start(
    tmp_path: Path, media: MediaServer, held: HeldFfmpeg
) -> None:
    asked_for, go_on = media.held_back("/held.png", picture("#00ff00"))
    waiting = {"elements": [{"type": "image", "src": media.url("/held.png"), "duration": 1}]}
    options = ("--allow-source", f"127.0.0.1:{media.server_port}")
    with running(tmp_path, *options) as served:
        make = served.json("POST", "/v2/movies?dry-run=make", plain("#000000", scenes=[waiting]))
        assert asked_for.wait(30)
        project, twin = served.post(long_movie()), served.post(long_movie())
        forced = served.post(plain("#00ff00", cache=False))
        held.let(3)
        under_way = served.until(
            project, lambda movie: is_under_way(movie) and bool(segments(tmp_path))
        )
        assert under_way["status"] == "running" and under_way["url"] is None
        served.process.kill()
        served.process.wait()
    go_on.set()
    finished = segments(tmp_path)
    held.let()
    ended_by_the_dead = tmp_path / "executing" / "ended"
    ended_by_the_dead.write_text("")
    with running(tmp_path, *options) as served:
        assert not ended_by_the_dead.exists()
        elements = served.ended(make[1]["project"])
        assert (elements["message"], elements["url"]) == (ELEMENTS_MADE, None)
        movies = [served.ended(each) for each in (project, twin, forced)]
        assert [movie["status"] for movie in movies] == ["done"] * 3
        assert served.call("GET", path_of(movies[0], served))[0].status == 200
        assert [m["cache"]["movie"]["result"] for m in movies] == ["miss", "joined", "bypass"]
    assert finished and finished.items() <= segments(tmp_path).items(), "they were made once"


def segments(folder: Path) -> dict[Path, str]:
    """What is stored of each segment: by whom it was made, and in what time, among others."""
    return {
        path: path.read_text() for path in folder.glob("objects/entries/scenes/segment/**/*.json")
    }


def stopped(served: Served, held: HeldFfmpeg, number: int) -> int:
    """Its exit code. What FFmpeg renders goes on when the server no longer listens: it is told
    to stop by then.
    """
    served.process.send_signal(number)
    with suppress(ConnectionRefusedError):
        while True:
            socket.create_connection(("127.0.0.1", served.port), 10).close()
            time.sleep(0.02)
    held.let()
    code = served.process.wait(20)
    held.hold()
    return code


def test_a_stopped_server_leaves_its_projects_for_the_next_start(
    tmp_path: Path, held: HeldFfmpeg
) -> None:
    with running(tmp_path) as served:
        project = served.post(long_movie())
        held.let(1)
        served.until(project, lambda told: bool(segments(tmp_path)))
        assert stopped(served, held, signal.SIGTERM) == 0
    assert list((tmp_path / "tmp").iterdir()) == []
    finished = len(segments(tmp_path))
    with running(tmp_path) as served:
        held.let(1)
        served.until(project, lambda told: len(segments(tmp_path)) > finished)
        assert stopped(served, held, signal.SIGINT) == 0
    assert list((tmp_path / "tmp").iterdir()) == []
    with running(tmp_path) as served:
        assert served.poll(project)["status"] in ("pending", "running")
        held.let()
        assert served.ended(project)["status"] == "done"


def test_a_port_that_is_taken_is_told(served: Served, tmp_path: Path) -> None:
    options = ["serve", "--port", str(served.port), "--data", str(tmp_path)]
    ended = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=20)
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    assert f"cannot listen on 127.0.0.1:{served.port}" in ended.stderr


def one_answer(pieces: list[bytes]) -> tuple[int, dict[str, Any]]:
    """The status and JSON of an answer that came in one piece."""
    assert len(pieces) == 1, pieces
    head, _, body = pieces[0].partition(b"\r\n\r\n")
    assert b"\r\nTransfer-Encoding" not in head and b"\r\nContent-Encoding" not in head
    assert f"\r\nContent-Length: {len(body)}\r\n".encode() in head + b"\r\n"
    return int(head.split()[1]), json.loads(body)


def test_an_answer_is_one_piece(served: Served, done: dict[str, Any]) -> None:
    head = f"GET /v2/movies?project={done['project']} HTTP/1.1\r\nx-api-key: {KEY}\r\n"
    head += f"Host: localhost:{served.port}\r\n"
    for more in ("Connection: close\r\n", "Connection: close\r\nAccept-Encoding: gzip\r\n"):
        status, answer = one_answer(served.raw(f"{head}{more}\r\n".encode()))
        assert status == 200 and answer["movie"]["status"] == "done"


def test_http_1_0(served: Served) -> None:
    pieces = served.raw(b"GET /healthz HTTP/1.0\r\n\r\n")
    assert one_answer(pieces)[0] == 200 and b"Connection: close" in pieces[0]


def test_many_requests_on_one_connection(served: Served) -> None:
    request = f"GET /healthz HTTP/1.1\r\nHost: localhost:{served.port}\r\n".encode()
    whole = b"".join(served.raw((request + b"\r\n") * 20 + request + b"Connection: close\r\n\r\n"))
    assert whole.count(b"HTTP/1.1 200 OK") == 21


HOST = b"Host: its own\r\n\r\n"
"""Stands for the end of a head that names the server."""


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"GET /healthz\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n" + HOST, 505),
        (b"GET http://[ HTTP/1.1\r\n\r\n", 400),
        (b"FLY / HTTP/1.1\r\n\r\n", 400),
        (b"FLY /nowhere HTTP/1.1\r\n" + HOST, 404),
        (b"GET /" + b"a" * 70_000, 431),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000, 431),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000, 431),
        (b"GET /?" + b"a&" * 500 + b" HTTP/1.1\r\n\r\n", 400),
        (b"POST /v2/movies HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400),
        (b"POST /v2/movies HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400),
        (b"POST /v2/movies HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
        (b"POST /v2/movies HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HOST + b"no\r\n", 400),
        (b"POST /v2/movies HTTP/1.1\r\nContent-Length: 9\r\n" + HOST + b"{}", 400),
    ],
)
def test_malformed_requests_are_answered_with_json(
    served: Served, sent: bytes, status: int
) -> None:
    whole = sent.replace(HOST, f"Host: localhost:{served.port}\r\n\r\n".encode())
    got, answer = one_answer(served.raw(whole, close=True))
    assert got == status and answer["success"] is False and answer["message"]
    assert TIMESTAMP.fullmatch(answer["timestamp"])


@pytest.mark.parametrize("more", ["", "Expect: 100-continue\r\n"], ids=["plain", "expecting"])
@pytest.mark.parametrize(
    ("key", "status"), [(KEY, b"413"), ("wrong", b"400")], ids=["with a key", "without"]
)
def test_a_body_that_may_not_come_is_refused_before_it_does(
    served: Served, more: str, key: str, status: bytes
) -> None:
    head = f"POST /v2/movies HTTP/1.1\r\nHost: localhost:{served.port}\r\nx-api-key: {key}\r\n"
    with closing(socket.create_connection(("127.0.0.1", served.port), 10)) as connection:
        connection.sendall(f"{head}{more}Content-Length: 99999999999\r\n\r\n".encode())
        assert connection.recv(65_536).startswith(b"HTTP/1.1 " + status)


def test_a_body_that_is_too_large_is_413_and_a_large_one_is_read(served: Served) -> None:
    assert served.json("POST", "/v2/movies", b" " * (11 << 20))[0] == 413
    assert served.json("POST", "/v2/movies", b" " * (10 << 20))[0] == 400


def test_a_client_that_waits_for_continue_is_asked_for_its_body(served: Served) -> None:
    head = f"POST /v2/movies HTTP/1.1\r\nHost: localhost:{served.port}\r\nx-api-key: {KEY}\r\n"
    head += "Connection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", served.port), 10)) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")
