"""A small movie does not wait for large or slow ones of others, whatever these wait for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from served import KEY, Served, running
from studio import give, movie, picture, still
from web_server import Handler, serving
from web_server import Server as MediaServer

HANGING = 40
"""Sources of each hanging movie: together more than are fetched at a time."""


@pytest.fixture(scope="module")
def media() -> Iterator[MediaServer]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, media: MediaServer) -> Iterator[Served]:
    allowed = f"127.0.0.1:{media.server_port}"
    data = tmp_path_factory.mktemp("served")
    with running(data, "--api-key", KEY, "--allow-source", allowed) as server:
        yield server


def small_is_done_first(served: Served, small: dict[str, Any], large: list[str]) -> None:
    ended = served.ended(served.post(small))
    assert ended["status"] == "done", ended
    assert [served.poll(project)["status"] for project in large] == ["running"] * len(large)


def test_a_movie_is_done_while_others_wait_for_their_sources(
    served: Served, media: MediaServer
) -> None:
    over, begun = threading.Event(), threading.Semaphore(0)

    def hang(to: Handler) -> None:
        begun.release()
        over.wait(50)
        to.give(200, picture("blue"))

    media.answers["/hanging"] = hang
    try:
        large = []
        for number in range(3):
            urls = [media.url(f"/hanging?{number}-{index}") for index in range(HANGING)]
            elements = [{"type": "image", "src": url} for url in urls]
            large.append(served.post(movie({"duration": 0.1, "elements": elements})))
            assert begun.acquire(timeout=20)
        small_is_done_first(served, movie(still(give(media, "/red.png", picture("red")))), large)
    finally:
        over.set()
    assert {served.ended(project)["status"] for project in large} == {"done"}


def scene(colour: int, seconds: float = 2) -> dict[str, Any]:
    return {"duration": seconds, "background-color": f"#{colour:06x}"}


def test_a_movie_is_done_while_another_renders_many_segments(served: Served) -> None:
    scenes = [scene(colour) for colour in range(100, 160)]
    large = served.post({"resolution": "hd", "scenes": scenes})
    served.until(large, lambda told: told["message"].endswith("%"))
    small_is_done_first(served, movie(scene(0, 0.5)), [large])


def text(words: str) -> dict[str, Any]:
    return {"duration": 0.1, "elements": [{"type": "text", "text": words}]}


def test_a_movie_is_done_while_another_has_many_texts(served: Served) -> None:
    large = served.post({"resolution": "hd", "scenes": [text(f"words {n}") for n in range(250)]})
    served.until(large, lambda told: told["status"] == "running")
    small_is_done_first(served, movie(text("Ann")), [large])
