"""Exports of a `resplice serve` process: receivers that hang, processes that are killed."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served import running
from web_server import Server, serving

KEY = ("--api-key", "sesame")


@pytest.fixture
def web() -> Iterator[Server]:
    with serving() as server:
        server.answers["/hook"] = lambda to: to.give(200)
        yield server


def movie(colour: str, web: Server, path: str = "/hook") -> dict[str, Any]:
    scenes = [{"duration": 0.2, "background-color": colour}]
    destination = {"type": "webhook", "endpoint": web.url(path)}
    exports = [{"destinations": [destination]}]
    return {"width": 64, "height": 64, "scenes": scenes, "exports": exports}


def allowed(web: Server) -> tuple[str, ...]:
    return (*KEY, "--allow-source", f"127.0.0.1:{web.server_port}")


def test_a_receiver_that_hangs_holds_up_no_movie_and_a_killed_server_tells_at_its_next_start(
    tmp_path: Path, web: Server
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def hang(to: Any) -> None:
        asked.set()
        go_on.wait(60)

    web.answers["/hang"] = hang
    with running(tmp_path, *allowed(web)) as served:
        stuck = [served.post(movie(f"#10203{n}", web, "/hang")) for n in range(4)]
        assert asked.wait(30)
        other = served.post(movie("#405060", web))
        assert served.ended(other)["status"] == "done"
        told = served.until(other, lambda each: each["exports"][0]["status"] == "delivered")
        assert told["exports"][0]["id"] == f"{other}-1"
        for project in stuck:
            assert served.ended(project)["status"] == "done"
        served.process.send_signal(signal.SIGKILL)
        served.process.wait(20)
    go_on.set()
    web.told.clear()
    web.answers["/hang"] = lambda to: to.give(200)
    with running(tmp_path, *allowed(web)) as served:
        for project in stuck:
            served.until(project, lambda each: each["exports"][0]["status"] == "delivered")
    ids = sorted(headers["X-Resplice-Delivery"] for _, headers, _ in web.told)
    assert ids == sorted(f"{project}-1" for project in stuck)


def test_the_secret_is_made_once_and_is_nobodys_but_the_owners(tmp_path: Path, web: Server) -> None:
    with running(tmp_path, *allowed(web)) as served:
        project = served.post(movie("#708090", web))
        served.until(project, lambda each: each["exports"][0]["status"] == "delivered")
    secret = tmp_path / "webhook.secret"
    assert secret.stat().st_mode & 0o777 == 0o600 and len(secret.read_bytes()) == 64
    [(_, headers, body)] = web.told
    assert headers["X-Resplice-Signature"].startswith("t=") and json.loads(body)["success"]
