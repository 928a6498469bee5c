"""A movie whose sources are slow holds up no other, whether that one is cached or not."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from studio import Studio, give, movie, picture, still, studio
from web_server import Handler, Server, serving

MAX_SECONDS = 5.0
"""It is 0.3 on an idle machine."""
SLOW_SECONDS = 10.0
BEGUN = 8
"""So many downloads have begun before another movie comes."""


@contextmanager
def slow_movie(lab: Studio, server: Server, sources: int) -> Iterator[None]:
    """A movie of so many sources, which send nothing while this lasts, but for SLOW_SECONDS."""
    begun, over = threading.Semaphore(0), threading.Event()

    def answer(to: Handler) -> None:
        begun.release()
        over.wait(SLOW_SECONDS)
        to.give(200, picture("blue"))

    server.answers["/slow"] = answer
    urls = [server.url(f"/slow?{number}") for number in range(sources)]
    scene = {"duration": 0.1, "elements": [{"type": "image", "src": url} for url in urls]}
    rendering = threading.Thread(target=lab.render, args=(movie(scene),))
    rendering.start()
    try:
        for _ in range(BEGUN):
            assert begun.acquire(timeout=SLOW_SECONDS)
        yield
    finally:
        over.set()
        rendering.join()


@pytest.mark.parametrize(
    ("sources", "cached"), [(40, True), (12, False)], ids=["cached", "not cached"]
)
def test_a_movie_of_slow_sources_holds_up_no_other(
    tmp_path: Path, sources: int, cached: bool
) -> None:
    with serving() as server, studio(tmp_path, server) as lab:
        red = give(server, "/red.png", picture("red"))
        if cached:
            lab.render(movie(still(red, 0.5)))
        with slow_movie(lab, server, sources):
            began_s = time.monotonic()
            lab.render(movie(still(red, 0.7)))
            assert time.monotonic() - began_s < MAX_SECONDS
