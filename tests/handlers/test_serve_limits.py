"""What one movie may take of a server: its time, what it downloads, what it stores."""

from __future__ import annotations

import itertools
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from resplice.cli.main import main
from resplice.errors import RespliceError
from resplice.wiring.limits import machine_limits
from served import running
from studio import COMMAND, movie, picture
from web_server import Handler, serving
from web_server import Server as MediaServer

SMALL = movie({"duration": 0.2, "background-color": "#123456"})


@pytest.fixture
def media() -> Iterator[MediaServer]:
    over, numbers = threading.Event(), itertools.count()

    def trickle(to: Handler) -> None:
        to.send_response(200)
        to.send_header("Content-Length", "1000000")
        to.end_headers()
        while not over.wait(0.05):
            to.wfile.write(b"x")

    with serving() as server:
        server.answers["/slow"] = trickle
        body = picture("red")
        server.answers["/red"] = lambda to: to.give(200, body + bytes([next(numbers)]))
        yield server
        over.set()


def images(media: MediaServer, path: str, count: int) -> dict[str, Any]:
    urls = [media.url(f"{path}?{number}") for number in range(count)]
    return movie({"duration": 0.2, "elements": [{"type": "image", "src": url} for url in urls]})


def ended(
    folder: Path, media: MediaServer, document: dict[str, Any], at_most: float = 50
) -> tuple[dict[str, Any], dict[str, Any]]:
    """How it ends, and how a small movie does after it."""
    with running(folder, "--allow-source", f"127.0.0.1:{media.server_port}") as served:
        told = served.ended(served.post(document), at_most)
        after = served.ended(served.post(SMALL))
        until_s = time.monotonic() + 5  # What was begun is told to end twice a second.
        while any(path.is_file() for path in (folder / "tmp").rglob("*")):
            assert time.monotonic() < until_s, "something goes on"
            time.sleep(0.05)
    return told, after


def test_a_movie_whose_sources_trickle_ends_with_its_time(
    tmp_path: Path, media: MediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPLICE_MAX_MINUTES", "0.05")
    told, after = ended(tmp_path, media, images(media, "/slow", 20), at_most=30)
    assert (told["status"], after["status"]) == ("timeout", "done")
    assert told["message"].startswith("The movie was not finished within its time limit of 0.05 mi")
    assert "RESPLICE_MAX_MINUTES" in told["message"] and told["success"] is False
    assert told["rendering_time"] >= 3


def test_a_movie_that_renders_too_long_ends_with_its_time(
    tmp_path: Path, media: MediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPLICE_MAX_MINUTES", "0.03")
    source = {"type": "image", "src": media.url("/red"), "zoom": 5}
    scenes = [{"duration": 9, "elements": [{**source, "x": n}]} for n in range(60)]
    told, after = ended(tmp_path, media, {"resolution": "full-hd", "scenes": scenes}, at_most=30)
    assert (told["status"], after["status"]) == ("timeout", "done")


def test_a_movie_that_downloads_too_much_ends(
    tmp_path: Path, media: MediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of its sources is small."""
    monkeypatch.setenv("RESPLICE_MAX_DOWNLOAD_GB", "0.000001")
    told, after = ended(tmp_path, media, images(media, "/red", 20))
    assert (told["status"], after["status"]) == ("error", "done")
    assert "All sources of the movie together are larger than the 1e-06 GB" in told["message"]
    assert "RESPLICE_MAX_DOWNLOAD_GB" in told["message"]


def test_a_movie_that_stores_too_much_ends(
    tmp_path: Path, media: MediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPLICE_MAX_STORED_GB", "0.00001")
    scenes = [{"duration": 0.5, "background-color": f"#{n:06x}"} for n in range(20)]
    told, after = ended(tmp_path, media, movie(*scenes))
    assert (told["status"], after["status"]) == ("error", "done")
    assert "is larger than the 1e-05 GB that one movie may store" in told["message"]


@pytest.mark.parametrize("said", ["much", "nan", "inf", "-1"])
def test_what_is_no_limit_is_said(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("RESPLICE_MAX_STORED_GB", said)
    with pytest.raises(RespliceError, match=f"RESPLICE_MAX_STORED_GB is not a number: {said}"):
        machine_limits()


def test_a_wrong_limit_is_said_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPLICE_MAX_MINUTES", "an hour")
    serve = [*COMMAND, "serve", "--port", "0", "--data", str(tmp_path)]
    run = subprocess.run(serve, capture_output=True, text=True, timeout=20)
    assert run.returncode == 1 and run.stderr.count("\n") == 1
    assert "RESPLICE_MAX_MINUTES is not a number: an hour" in run.stderr


def test_a_server_takes_in_no_more_movies_a_day_than_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPLICE_QUOTAS", '{"together": {"movies-per-day": 9}}')
    with running(tmp_path, "--movies-per-day", "1", "--usd-per-day", "0.5") as served:
        assert served.ended(served.post(SMALL))["status"] == "done"
        status, told = served.json("POST", "/v2/movies", {**SMALL, "height": 66})
        assert status == 401 and "together have 1 movie a day" in told["message"]
        assert served.ended(served.post(SMALL))["status"] == "done"


@pytest.mark.parametrize(
    "said", ["--movies-per-day=-1", "--seconds-per-day=1.5", "--usd-per-day=x"]
)
def test_what_is_no_bound_is_said(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", said])
    assert "not a whole number" in (told := capsys.readouterr().err) or "not a number" in told
