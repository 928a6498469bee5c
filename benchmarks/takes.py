"""What a forecast says that a render takes, beside what it then takes: random edits of texts."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks import movies
from benchmarks.clients import Calls, Client
from benchmarks.rendering import Bench
from benchmarks.serving import Server, ended, served

SCENES, EDITS, NEAR = 6, 12, 0.3
WORDS = "summer sale starts now only this weekend while it lasts with every second cup for free"


def forecasts(bench: Bench) -> None:
    """A text of one scene, or of two, is edited; before each render the forecast is asked for, as
    the studio does, against the last render.
    """
    with (
        _media(bench.media) as port,
        served(bench, "takes", "--allow-source", f"127.0.0.1:{port}") as server,
    ):
        pairs = asyncio.run(_edited(server, f"http://127.0.0.1:{port}/"))
    for foreseen_s, took_s in pairs:
        print(f"forecast {foreseen_s:.1f} s, took {took_s:.1f} s", flush=True)
    near = sum(abs(foreseen_s - took_s) <= NEAR * took_s for foreseen_s, took_s in pairs)
    ratio = statistics.median(foreseen_s / took_s for foreseen_s, took_s in pairs)
    told = f"{near} of {len(pairs)} within {NEAR:.0%}, {ratio:.2f} x in the middle"
    bench.tell(f"`takes` of a forecast after an edit, {SCENES} scenes", told)


async def _edited(server: Server, base: str) -> list[tuple[float, float]]:
    """(seconds that were foreseen, seconds that it took) of each edit."""
    chance, client, pairs = random.Random(7), Client(server.port, Calls()), []
    document = _document(base)
    since, _ = await _rendered(client, document)
    for _ in range(EDITS):
        for scene in chance.sample(document["scenes"], chance.choice((1, 1, 2))):
            words = chance.sample(WORDS.split(), chance.randint(2, 7))
            scene["elements"][1]["text"] = " ".join(words)
        asked = f"/v2/movies?dry-run=forecast&since={since}"
        answer = await client.call("POST", asked, document)
        since, took_s = await _rendered(client, document)
        pairs.append((answer["forecast"]["renders"]["takes"], took_s))
    client.close()
    return pairs


async def _rendered(client: Client, document: movies.Document) -> tuple[str, float]:
    """(its project, seconds that it took)"""
    posted = await client.call("POST", "/v2/movies", document)
    movie = await ended(client, posted["project"])
    if movie["status"] != "done":
        raise SystemExit(f"not rendered: {movie['message']}")
    return posted["project"], movie["rendering_time"]


def _document(base: str) -> movies.Document:
    """As the benchmarks' movies are, with its files behind addresses."""
    document: movies.Document = json.loads(json.dumps(movies.scenes(SCENES, seconds=3)))
    elements = [each for scene in document["scenes"] for each in scene["elements"]]
    for element in [*elements, *document["elements"]]:
        if "src" in element:
            element["src"] = base + element["src"]
    return document


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nobody is told."""


@contextmanager
def _media(folder: Path) -> Iterator[int]:
    """The port at which the folder is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
