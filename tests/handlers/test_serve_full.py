"""A server whose disk is full: what runs ends with words, no more comes in, what waits goes on."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served import Served, running
from small_disk import MB, SmallDisk, small_disk
from studio import movie
from web_server import Handler, serving
from web_server import Server as MediaServer

SIZE_BYTES = 60 * MB
LEAST_MB = 20
FULL = f"The disk of this server is full: 5 MB are free, and {LEAST_MB} MB have to be. "
FULL += "Make room, or try again later"
NO_ROOM = "The disk is full where movies are made; try again when there is room"
SMALL = movie({"duration": 0.2, "background-color": "#123456"})
LONG = {
    "resolution": "hd",
    "scenes": [{"duration": 2, "background-color": f"#{n * 20:02x}0040"} for n in range(5)],
}
EACH = 1 << 16


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "data", SIZE_BYTES) as disk:
        yield disk


@pytest.fixture
def media() -> Iterator[MediaServer]:
    with serving() as server:

        def large(to: Handler) -> None:
            to.send_response(200)
            to.end_headers()
            for _ in range(2 * SIZE_BYTES // EACH):
                to.wfile.write(bytes(EACH))

        server.answers["/large"] = large
        yield server


def on(disk: SmallDisk, *options: str) -> Any:
    return running(disk.folder, *options, under=disk.enter)


def ready(served: Served) -> tuple[int, Any]:
    return served.json("GET", "/readyz", key=None)


def test_nothing_new_comes_in_and_what_waits_goes_on(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPLICE_MIN_FREE_MB", str(LEAST_MB))
    with on(disk) as served:
        assert ready(served) == (200, {"success": True})
        waiting = served.post(LONG)
        assert served.stop(signal.SIGKILL) < 0
    disk.fill(but_bytes=5 * MB + MB // 2)
    with on(disk) as served:
        refused = 503, {"success": False, "message": FULL}
        assert ready(served) == refused
        assert served.json("POST", "/v2/movies", SMALL) == refused
        file = {"name": "a.png", "contentType": "image/png", "size": 9}
        assert served.json("POST", "/v2/media/file", file) == refused
        response, _ = served.call("POST", "/v2/movies", b"{}")
        assert response.getheader("Retry-After") == "30"
        assert served.json("GET", "/healthz", key=None) == (200, {"success": True})
        assert served.poll(waiting)["status"] in ("pending", "running")
        disk.make_room()
        assert ready(served) == (200, {"success": True})
        assert served.ended(served.post(SMALL))["status"] == "done"
        assert served.ended(waiting)["status"] == "done"


@pytest.mark.parametrize(
    ("least_mb", "words"), [(0, NO_ROOM), (LEAST_MB, "The disk of this")], ids=["wholly", "nearly"]
)
def test_a_project_that_fills_the_disk_ends_with_words_and_leaves_nothing(
    disk: SmallDisk,
    media: MediaServer,
    monkeypatch: pytest.MonkeyPatch,
    least_mb: int,
    words: str,
) -> None:
    monkeypatch.setenv("RESPLICE_MIN_FREE_MB", str(least_mb))
    with on(disk, "--allow-source", f"127.0.0.1:{media.server_port}") as served:
        element = {"type": "video", "src": media.url("/large")}
        ended = served.ended(served.post(movie({"elements": [element]})))
        assert ended["status"] == "error"
        assert ended["message"].startswith(f"Scene #1, element #1: {words}"), ended
        assert [path for path in (disk.seen / "tmp").rglob("*") if path.is_file()] == []
        assert ready(served)[0] == 200
        assert served.ended(served.post(SMALL))["status"] == "done"
