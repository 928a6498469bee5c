"""What may be had in a day with one API key: counted for it alone, whoever else asks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from api_calls import MOVIE, Noted, call, play, use
from paid import VOICES, connect
from provider_servers.elevenlabs import ElevenLabsServer
from provider_servers.generating import KEY
from resplice.core.quotas import KeyBounds, Quotas, bounds_of, quotas_of
from resplice.core.time_units import DAY_MS
from resplice.errors import QuotaExceeded
from resplice.ports import Ports
from resplice.steps.access import digest_of, new_key
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.complete import fail_with
from resplice.steps.quotas import MICRO_USD, MOVIES, SECONDS, take_movie
from resplice.wiring.local import local

LINE = "A line that costs something."
PRICE = 80
"""Millionths of a dollar for a character, by ElevenLabs' list."""
TODAY_MS = 20_000 * DAY_MS


class Moved:
    def __init__(self) -> None:
        self.at_ms = TODAY_MS

    def now_ms(self) -> int:
        return self.at_ms


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[Ports]:
    with local(tmp_path / "data") as made:
        ports = replace(made, clock=Moved())
        use(ports, Noted(), "self", keyed=True)
        yield ports


def key(ports: Ports, owner: str = "self", **said: float) -> str:
    """A new key with these bounds."""
    bounds = bounds_of({name.replace("_", "-"): value for name, value in said.items()})
    name = f"key-{len(ports.api_keys.list())}"
    return new_key(name, "admin", None, ports, owner, bounds)


def new(n: int, *durations: int) -> dict[str, Any]:
    """One scene or several, each as long as said."""
    scenes = [
        {"duration": duration, "background-color": f"#1020{n}{i}"}
        for i, duration in enumerate(durations or (1,))
    ]
    return {**MOVIE, "scenes": scenes}


def posted(movie: dict[str, Any], with_key: str, query: str = "") -> str:
    status, told = call("POST", f"/v2/movies{query}", movie, with_key)
    assert status == 200, told
    return str(told["project"])


def refused(movie: dict[str, Any], with_key: str, query: str = "") -> str:
    status, told = call("POST", f"/v2/movies{query}", movie, with_key)
    assert status == 401
    assert told["message"].startswith("You exceeded the quota of movies in your plan.")
    return str(told["message"])


def ended(project: str, with_key: str) -> dict[str, Any]:
    return dict(call("GET", f"/v2/movies?project={project}", key=with_key)[1]["movie"])


def used(ports: Ports, text: str, name: str) -> int:
    return ports.usage.total(f"key/{digest_of(text)}", name, TODAY_MS)


def test_keys_of_one_owner_have_counters_of_their_own(ports: Ports) -> None:
    one, two, free = key(ports, movies_per_day=1), key(ports, movies_per_day=2), key(ports)
    posted(new(1), one)
    for query in ("", "?dry-run=make"):
        said = refused(new(2), one, query)
        assert "(This API key has 1 movie a day, and as many were taken in today;" in said
    posted(new(2), two), posted(new(3), two), posted(new(4), free)
    assert "This API key has 2 movies a day" in refused(new(5), two)
    assert used(ports, one, MOVIES) == 1 and used(ports, two, MOVIES) == 2
    ports.clock.at_ms += DAY_MS  # type: ignore[attr-defined]
    posted(new(5), one)


def test_what_is_cached_joined_repeated_or_only_looked_at_is_free(ports: Ports) -> None:
    bounded, free = key(ports, movies_per_day=1, usd_per_day=0), key(ports)
    first = posted(new(1), bounded)
    assert posted(new(1), bounded) != first, "it joins"
    play(first, ports)
    assert ended(posted(new(1), bounded), bounded)["status"] == "done"
    posted(new(2), free)
    posted(new(2), bounded)
    refused(new(3), bounded)
    assert call("POST", "/v2/movies?dry-run=true", new(3), bounded)[0] == 200
    assert used(ports, bounded, MOVIES) == 1


def test_one_that_is_refused_by_all_together_is_not_counted_for_the_key(ports: Ports) -> None:
    """And the other way round: each is given back."""
    quotas = quotas_of({"movies-in-flight": 9, "together": {"movies-per-day": 1}})
    ports = replace(ports, quotas=quotas)
    use(ports, Noted(), "self", keyed=True)
    none, some = key(ports, movies_per_day=0), key(ports, movies_per_day=5)
    assert "This API key has 0 movies a day" in refused(new(1), none)
    posted(new(1), some)
    assert "together have 1 movie a day" in refused(new(2), some)
    assert used(ports, some, MOVIES) == ports.usage.total("ALL", MOVIES, TODAY_MS) == 1
    assert len(ports.leases.waiting("in-flight/self")) == 1


def test_many_at_once_never_pass_the_bound(ports: Ports) -> None:
    bounded = KeyBounds("ab", bounds_of({"movies-per-day": 5}))
    own = replace(ports, quotas=Quotas(together=bounds_of({"movies-per-day": 7}))).of("a", bounded)

    def asks(_: int) -> bool:
        try:
            take_movie(own)
        except QuotaExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(asks, range(40)))
    assert 1 <= taken <= 5
    assert taken + sum(asks(n) for n in range(10)) == 5, "what was given back can be had"
    assert ports.usage.total("ALL", MOVIES, TODAY_MS) == 5


def test_seconds_are_taken_by_the_plan_of_what_is_rendered(ports: Ports) -> None:
    bounded, free = key(ports, seconds_per_day=4), key(ports)
    first = posted(new(1, 3), bounded)
    play(first, ports)
    left = call("GET", "/v2/movies?limit=1", key=bounded)[1]["remaining_quota"]
    assert left["time"] == 1 and used(ports, bounded, SECONDS) == 3
    longer = posted(new(1, 3, 2), bounded)
    play(longer, ports)
    told = ended(longer, bounded)
    assert told["status"] == "error"
    assert "This API key has 4 seconds a day, and the 2 seconds to be rend" in told["message"]
    assert used(ports, bounded, SECONDS) == 3
    edited = posted(new(1, 3, 1), bounded)
    play(edited, ports)
    assert ended(edited, bounded)["status"] == "done", "3 of its 4 seconds were in the cache"
    assert "4 seconds were rendered today" in refused(new(2), bounded)
    again = posted(new(1, 3, 2), free)
    play(again, ports)
    assert ended(again, free)["status"] == "done"


@pytest.mark.parametrize("where", ["here", "in a workflow"])
def test_a_key_that_has_no_more_ends_what_was_posted_with_it_and_no_other(
    where: str, ports: Ports
) -> None:
    """Those that wait for an equal movie: one that was posted with another key takes over."""
    bounded, free = key(ports, seconds_per_day=2), key(ports)
    leader, same, other = (posted(new(1, 3), each) for each in (bounded, bounded, free))
    if where == "here":
        play(leader, ports)
    else:
        told = {"Error": "QuotaExceeded", "Cause": json.dumps({"errorMessage": "This API key has"})}
        fail_with(leader, told, Coalescer(ports, Noted()))
    for project in (leader, same):
        assert "This API key has" in ended(project, free)["message"]
    assert ended(other, free)["status"] != "error"
    play(other, ports)
    assert ended(other, free)["status"] == "done"
    assert used(ports, bounded, SECONDS) == 0


def test_an_equal_one_that_waits_for_its_start_is_joined_however_long_that_takes(
    ports: Ports,
) -> None:
    bounded = key(ports, movies_per_day=1)
    first = posted(new(1), bounded)
    ports.clock.at_ms += 10 * ports.patience.start_ms  # type: ignore[attr-defined]
    assert posted(new(1), bounded) != first
    assert used(ports, bounded, MOVIES) == 1


def test_a_movie_goes_on_under_the_bounds_of_its_key_though_that_is_revoked(ports: Ports) -> None:
    bounded, other = key(ports, seconds_per_day=2), key(ports)
    project, longer = posted(new(1, 2), bounded), posted(new(2, 3), bounded)
    assert ports.api_keys.remove(digest_of(bounded))
    play(project, ports), play(longer, ports)
    assert ended(project, other)["status"] == "done"
    assert "This API key has 2 seconds a day" in ended(longer, other)["message"]
    assert used(ports, bounded, SECONDS) == 2


@pytest.fixture
def speaking(ports: Ports) -> Iterator[ElevenLabsServer]:
    with ElevenLabsServer(KEY) as server:
        connect(ports.connections, "elevenlabs", server.url())
        yield server


def spoken(line: str) -> dict[str, Any]:
    said = {"type": "voice", "voice": VOICES["elevenlabs"], "connection": "elevenlabs"}
    return {**MOVIE, "scenes": [{"elements": [{**said, "text": line}]}]}


def test_dollars_are_taken_before_anybody_is_paid(ports: Ports, speaking: ElevenLabsServer) -> None:
    due = len(LINE) * PRICE
    poor, bounded = key(ports, usd_per_day=(due - 1) / 1e6), key(ports, usd_per_day=1.5 * due / 1e6)
    assert "that this movie needs by list prices are more than is left" in refused(
        spoken(LINE), poor
    )
    first, second = posted(spoken(LINE), bounded), posted(spoken(LINE[::-1]), bounded)
    play(first, ports), play(second, ports)
    assert len(speaking.asked) == 1 and used(ports, bounded, MICRO_USD) == due
    assert ended(first, bounded)["status"] == "done"
    assert "This API key has $" in ended(second, bounded)["message"]
    posted(new(1), bounded), posted(new(2), poor)


class Watched:
    """Counters that note what is asked of them."""

    def __init__(self, port: Any) -> None:
        self._port, self.asked = port, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        self.asked[name] += 1
        return getattr(self._port, name)


def test_who_has_no_bounds_pays_for_no_look_up(ports: Ports) -> None:
    usage, leases = Watched(ports.usage), Watched(ports.leases)
    watched = replace(ports, usage=usage, leases=leases)
    use(watched, Noted(), "self", keyed=True)
    free, bounded = key(ports), key(ports, movies_per_day=9)
    posted(new(1), free)
    assert not usage.asked and leases.asked == {"wait": 1, "held": 1, "claim": 1}
    leases.asked.clear()
    project = posted(new(2), bounded)
    assert usage.asked == {"add": 1} and leases.asked == {"wait": 1, "held": 2, "claim": 1}
    play(project, ports)
    hits = []
    for each in (free, bounded):
        usage.asked.clear(), leases.asked.clear()
        assert ended(posted(new(2), each), free)["status"] == "done"
        assert not usage.asked
        hits.append(leases.asked.copy())
    assert hits[0] == hits[1]
