"""Two servers on one data folder: what one leaves when it is killed the other brings to its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from private_files import careless, seen_by_others
from served import running
from studio import movie, picture, still
from web_server import Handler, serving
from web_server import Server as MediaServer

WITHIN_SECONDS = 30 + 30
"""Half of it to take them up, half to render them."""


@pytest.fixture
def media() -> Iterator[MediaServer]:
    with serving() as server:
        yield server


def test_a_killed_server_s_projects_end_at_its_neighbour(
    tmp_path: Path, media: MediaServer
) -> None:
    """Its movies hang at a source until it is dead; equal ones wait for one of them."""
    dead, begun = threading.Event(), threading.Semaphore(0)

    def hang(to: Handler) -> None:
        begun.release()
        dead.wait(60)
        to.give(200, picture("blue"))

    media.answers["/hanging"] = hang
    allowed = "--allow-source", f"127.0.0.1:{media.server_port}"
    data = tmp_path / "data"
    with careless(), running(data, *allowed) as first, running(data, *allowed) as second:
        movies = [movie(still(media.url(f"/hanging?{number}"))) for number in range(3)]
        projects = [first.post(each) for each in [*movies, movies[0], movies[0]]]
        projects.append(second.post(movies[1]))
        for _ in movies:
            assert begun.acquire(timeout=20)
        asked = len(media.seen)
        for project in projects:
            assert second.poll(project)["status"] in ("pending", "running")
        first.process.kill()
        first.process.wait()
        dead.set()
        told = [second.ended(project, WITHIN_SECONDS) for project in projects]
        assert {each["status"] for each in told} == {"done"}
        assert asked == len(movies), "two servers that live do not do the same"
        assert len(media.seen) == 2 * len(movies)
        # An end is told before who brought it about has let go.
        until_s = time.monotonic() + WITHIN_SECONDS
        while list((data / "executing").iterdir()):
            assert time.monotonic() < until_s
            time.sleep(0.05)
        assert seen_by_others(data) == []
