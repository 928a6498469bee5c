"""What all owners together may have in a day: no movie begins beyond it, and hits cost nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from api_calls import MOVIE, Noted, call, movie_of, play, posted, use
from paid import VOICES, connect
from provider_servers.elevenlabs import ElevenLabsServer
from provider_servers.generating import KEY
from resplice.core.quotas import Quotas, bounds_of, quotas_of
from resplice.core.time_units import DAY_MS
from resplice.errors import QuotaExceeded
from resplice.ports import Ports
from resplice.steps.quotas import take_movie
from resplice.wiring.local import local

LINE = "A line that costs something."
PRICE = 80
"""Millionths of a dollar for a character, by ElevenLabs' list."""


class Moved:
    def __init__(self) -> None:
        self.at_ms = 20_000 * DAY_MS

    def now_ms(self) -> int:
        return self.at_ms


@pytest.fixture
def open_ports(tmp_path: Path) -> Iterator[Ports]:
    with local(tmp_path / "data") as made:
        yield replace(made, clock=Moved())


@pytest.fixture
def speaking(open_ports: Ports) -> Iterator[ElevenLabsServer]:
    with ElevenLabsServer(KEY) as server:
        connect(open_ports.connections, "elevenlabs", server.url())
        yield server


def bounded(open_ports: Ports, owner: str = "self", **said: Any) -> Ports:
    """Ports with these bounds; calls are of that owner now."""
    bounds = bounds_of({name.replace("_", "-"): value for name, value in said.items()})
    ports = replace(open_ports, quotas=Quotas(together=bounds))
    use(ports, Noted(), owner)
    return ports


def new(n: int, duration: int = 1) -> dict[str, Any]:
    scene = {"duration": duration, "background-color": f"#10203{n}"}
    return {**MOVIE, "scenes": [scene]}


def spoken(*lines: str) -> dict[str, Any]:
    said = {"type": "voice", "voice": VOICES["elevenlabs"], "connection": "elevenlabs"}
    return {**MOVIE, "scenes": [{"elements": [{**said, "text": line} for line in lines]}]}


def refused(movie: dict[str, Any]) -> str:
    status, told = call("POST", "/v2/movies", movie)
    assert status == 401
    assert told["message"].startswith("You exceeded the quota of movies in your plan.")
    return str(told["message"])


def test_movies_of_all_owners_are_counted_and_begin_anew_the_next_day(open_ports: Ports) -> None:
    ports = bounded(open_ports, "one", movies_per_day=2)
    first = posted(new(1))
    use(ports, Noted(), "two")
    posted(new(2))
    for owner in ("one", "two", "three"):
        use(ports, Noted(), owner)
        assert "together have 2 movies a day, and as many were taken in today" in refused(new(3))
    use(ports, Noted(), "one")
    play(first, ports)
    assert movie_of(posted(new(1)))["status"] == "done", "a hit is never refused"
    ports.clock.at_ms += DAY_MS  # type: ignore[attr-defined]
    posted(new(3))


def test_one_that_joins_an_equal_movie_is_free(open_ports: Ports) -> None:
    bounded(open_ports, movies_per_day=1, usd_per_day=0)
    assert len({posted(new(1)) for _ in range(3)}) == 3
    refused(new(2))


def test_a_refused_movie_is_none_in_flight(open_ports: Ports) -> None:
    said = {"movies-in-flight": 2, "together": {"movies-per-day": 1}}
    ports = replace(open_ports, quotas=quotas_of(said))
    use(ports, Noted(), "self")
    posted(new(1))
    for _ in range(3):
        refused(new(2))
    assert len(ports.leases.waiting("in-flight/self")) == 1


def test_many_at_once_never_pass_the_bound(open_ports: Ports) -> None:
    ports = bounded(open_ports, movies_per_day=5)

    def asks(_: int) -> bool:
        try:
            take_movie(ports)
        except QuotaExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(asks, range(40)))
    assert 1 <= taken <= 5
    taken += sum(asks(n) for n in range(10))
    assert taken == 5, "what was given back can be had"


def test_seconds_are_of_what_is_rendered_and_nothing_begins_beyond_them(open_ports: Ports) -> None:
    ports = bounded(open_ports, seconds_per_day=4)
    play(posted(new(1, 3)), ports)
    edited = {**new(1, 3), "scenes": [*new(1, 3)["scenes"], *new(2, 1)["scenes"]]}
    longer = {**new(1, 3), "scenes": [*new(1, 3)["scenes"], *new(3, 2)["scenes"]]}
    project = posted(longer)
    play(project, ports)
    ended = movie_of(project)
    assert ended["status"] == "error"
    assert "the 2 seconds to be rendered are more than is left" in ended["message"]
    assert [each.key for each in ports.objects.list("movies/") if each.key.endswith(".mp4")]
    project = posted(edited)
    play(project, ports)
    assert movie_of(project)["status"] == "done", "3 of its 4 seconds were in the cache"
    assert "4 seconds a day, and 4 seconds were rendered today" in refused(new(4))


def test_dollars_are_refused_before_a_movie_begins(
    open_ports: Ports, speaking: ElevenLabsServer
) -> None:
    due_usd = len(LINE) * PRICE / 1e6
    bounded(open_ports, usd_per_day=due_usd - 0.000001)
    assert "that this movie needs by list prices are more than is left" in refused(spoken(LINE))
    assert speaking.asked == []
    ports = bounded(open_ports, usd_per_day=due_usd)
    project = posted(spoken(LINE))
    play(project, ports)
    assert movie_of(project)["status"] == "done"
    assert "more than is left" in refused(spoken("x"))
    posted(new(1))


def test_dollars_are_taken_before_anybody_is_paid(
    open_ports: Ports, speaking: ElevenLabsServer
) -> None:
    """Both were admitted: nobody had been paid yet."""
    ports = bounded(open_ports, usd_per_day=1.5 * len(LINE) * PRICE / 1e6)
    first, second = posted(spoken(LINE)), posted(spoken(LINE[::-1]))
    play(first, ports)
    paid = len(speaking.asked)
    play(second, ports)
    assert len(speaking.asked) == paid == 1
    ended = movie_of(second)
    assert ended["status"] == "error" and "more than is left" in ended["message"]
    assert movie_of(first)["status"] == "done"


def test_what_is_cached_is_not_paid_and_not_refused(
    open_ports: Ports, speaking: ElevenLabsServer
) -> None:
    due_usd = len(LINE) * PRICE / 1e6
    ports = bounded(open_ports, usd_per_day=2 * due_usd - 0.000001)
    play(posted(spoken(LINE)), ports)
    project = posted({**spoken(LINE), "quality": "low"})
    play(project, ports)
    assert movie_of(project)["status"] == "done"
    assert len(speaking.asked) == 1


def test_what_is_wrong_with_a_movie_its_project_says(open_ports: Ports) -> None:
    """As where nothing is bounded."""
    ports = bounded(open_ports, usd_per_day=1)
    project = posted({**MOVIE, "scenes": [{"elements": [{"type": "image"}]}]})
    play(project, ports)
    assert movie_of(project)["status"] == "error"
