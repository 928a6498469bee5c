"""What a forecast says that a render takes, beside what it then takes: random edits of texts."""

from __future__ import annotations

import asyncio
import random
import statistics

from benchmarks import media, movies
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
        media.at(bench.media) as base,
        served(bench, "takes", "--allow-source", media.host_of(base)) as server,
    ):
        pairs = asyncio.run(_edited(server, base))
    for foreseen_s, took_s in pairs:
        print(f"forecast {foreseen_s:.1f} s, took {took_s:.1f} s", flush=True)
    near = sum(abs(foreseen_s - took_s) <= NEAR * took_s for foreseen_s, took_s in pairs)
    ratio = statistics.median(foreseen_s / took_s for foreseen_s, took_s in pairs)
    told = f"{near} of {len(pairs)} within {NEAR:.0%}, {ratio:.2f} x in the middle"
    bench.tell(f"`takes` of a forecast after an edit, {SCENES} scenes", told)


async def _edited(server: Server, base: str) -> list[tuple[float, float]]:
    """(seconds that were foreseen, seconds that it took) of each edit."""
    chance, client, pairs = random.Random(7), Client(server.port, Calls()), []
    document = movies.at(base, movies.scenes(SCENES, seconds=3))
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
