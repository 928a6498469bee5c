"""What an owner may ask for, and that another's use does not count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from api_calls import MOVIE, Noted, call, movie_of, play, posted, use
from resplice.core.quotas import quotas_of
from resplice.core.time_units import DAY_MS
from resplice.errors import RateLimited
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.quotas import admit
from resplice.wiring.local import local


class Moved:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at_ms = 20_000 * DAY_MS

    def now_ms(self) -> int:
        return self.at_ms


@pytest.fixture(scope="module")
def open_ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with local(tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture
def clock() -> Moved:
    return Moved()


def limited(open_ports: Ports, clock: Moved, owner: str, **said: Any) -> Ports:
    """Ports whose owners have this quota; calls are of one of them now."""
    quotas = quotas_of({name.replace("_", "-"): value for name, value in said.items()})
    ports = replace(open_ports, quotas=quotas, clock=clock)
    use(ports, Noted(), owner)
    return ports


def new(tmp_path: Path) -> dict[str, Any]:
    """A movie that no other test has."""
    return {**MOVIE, "only": str(tmp_path)}


def test_requests_of_a_second_are_counted_by_owner(open_ports: Ports, clock: Moved) -> None:
    ports = limited(open_ports, clock, "r-1", requests_per_second=3)
    assert [call("GET", "/v2/movies")[0] for _ in range(5)] == [200, 200, 200, 429, 429]
    assert "At most 3 requests a second" in call("GET", "/v2/movies")[1]["message"]
    assert call("GET", "/healthz")[0] == 200
    use(ports, Noted(), "r-2")
    assert call("GET", "/v2/movies")[0] == 200
    use(ports, Noted(), "r-1")
    clock.at_ms += 1_000
    assert call("GET", "/v2/movies")[0] == 200


def test_a_full_flight_takes_no_more_until_one_has_ended(
    open_ports: Ports, clock: Moved, tmp_path: Path
) -> None:
    ports = limited(open_ports, clock, "f-1", movies_in_flight=2)
    first, _ = (posted({**new(tmp_path), "n": n}) for n in range(2))
    status, told = call("POST", "/v2/movies", {**new(tmp_path), "n": 2})
    assert status == 429 and told["message"].startswith("2 movies of yours are being rendered")
    play(first, ports)
    again = posted({**new(tmp_path), "n": 0})
    assert movie_of(again)["status"] == "done", "what is in the cache is no flight"
    posted({**new(tmp_path), "n": 2})
    for asks in ("/v2/movies", "/v2/movies?dry-run=make"):
        assert call("POST", asks, {**new(tmp_path), "n": 3})[0] == 429
    use(ports, Noted(), "f-2")
    posted({**new(tmp_path), "n": 3})


def test_a_days_seconds_end_and_begin_anew(open_ports: Ports, clock: Moved, tmp_path: Path) -> None:
    ports = limited(open_ports, clock, "s-1", seconds_per_day=2)

    def left() -> int:
        return int(call("GET", "/v2/movies")[1]["remaining_quota"]["time"])

    assert left() == 2
    for n in range(2):
        play(posted({**new(tmp_path), "n": n}), ports)
    assert left() == 0
    posted({**new(tmp_path), "n": 1})
    for asks in ("/v2/movies?dry-run=make", "/v2/movies"):
        status, told = call("POST", asks, {**new(tmp_path), "n": 2})
        assert status == 401
    assert told["message"].startswith("You exceeded the quota of movies in your plan.")
    assert "2 of 2 seconds" in told["message"]
    clock.at_ms += DAY_MS
    assert left() == 2
    posted({**new(tmp_path), "n": 2})


def test_a_days_bytes_are_those_of_the_files(
    open_ports: Ports, clock: Moved, tmp_path: Path
) -> None:
    ports = limited(open_ports, clock, "b-1", bytes_per_day=1)
    play(posted(new(tmp_path)), ports)
    status, told = call("POST", "/v2/movies", {**new(tmp_path), "n": 1})
    assert status == 401 and "bytes were rendered today" in told["message"]
    assert json.dumps(told)


def test_a_movie_that_failed_costs_nothing(open_ports: Ports, clock: Moved, tmp_path: Path) -> None:
    ports = limited(open_ports, clock, "e-1", seconds_per_day=1)
    broken = {**new(tmp_path), "elements": [{"type": "image", "src": "http://127.0.0.1:9/x.png"}]}
    play(posted(broken), ports)
    assert call("GET", "/v2/movies")[1]["remaining_quota"]["time"] == 1


def test_a_movie_that_is_noted_and_not_yet_stored_is_in_flight(
    open_ports: Ports, clock: Moved
) -> None:
    """Requests at the same moment are noted one after the other, then stored."""
    ports = limited(open_ports, clock, "f-9", movies_in_flight=2)
    first, second, third = (
        Project(f"{n:016d}", "f-9", document="{}", created_at_ms=clock.at_ms) for n in range(3)
    )
    admit(first, ports)
    admit(second, ports)
    with pytest.raises(RateLimited, match="2 movies of yours"):
        admit(third, ports)
    clock.at_ms += 60_000
    admit(third, ports)  # Whoever noted the others has died.
