"""Quotas: whether an owner may ask for more now, and what of a day's quota is left."""

from __future__ import annotations

from dataclasses import dataclass

from resplice.core.time_units import DAY_MS, MINUTE_MS, SECOND_MS
from resplice.errors import QuotaExceeded, RateLimited
from resplice.ports import Ports
from resplice.ports.projects import TERMINAL, Project
from resplice.steps.moments import today_ms
from resplice.steps.movie_cache import Outcome

KEPT_DAYS = 3
REQUESTS, SECONDS, BYTES = "requests", "seconds", "bytes"
USED_UP = (
    "You exceeded the quota of movies in your plan. Please upgrade your plan to continue. "
    "({used} of {most} {what} were rendered today; the day begins anew at 00:00 UTC.)"
)
"""In JSON2Video's words: clients show them."""
IN_FLIGHT_SECONDS = 5
STORED_WITHIN_MS = MINUTE_MS


@dataclass(frozen=True)
class Turn:
    """A request that may be answered. most: in this second; left: how many more; reset_s: until
    the next.
    """

    most: int
    left: int
    reset_s: int = 1


def take_turn(owner: str, ports: Ports) -> Turn | None:
    """Count a request; None where they are not limited. Raises RateLimited."""
    most = ports.quotas.of(owner).requests_per_second
    if most is None:
        return None
    window_ms = ports.clock.now_ms() // SECOND_MS * SECOND_MS
    count = ports.rates.add(owner, REQUESTS, window_ms, 1, SECOND_MS)
    if count > most:
        said = f"At most {most} requests a second are answered: ask more slowly"
        raise RateLimited(said, most=most)
    return Turn(most, most - count)


def check_day(owner: str, ports: Ports) -> None:
    """Whether more may be rendered today. Raises QuotaExceeded."""
    quota = ports.quotas.of(owner)
    for name, most in ((SECONDS, quota.seconds_per_day), (BYTES, quota.bytes_per_day)):
        if most is not None and (used := _used(owner, name, ports)) >= most:
            raise QuotaExceeded(USED_UP.format(used=used, most=most, what=name))


def admit(project: Project, ports: Ports) -> None:
    """Let the project be one of those in flight. Raises RateLimited when they are too many.

    Of those that are noted, the ended ones are looked for only when there seem to be too many.
    """
    most = ports.quotas.of(project.owner).movies_in_flight
    if most is None:
        return
    key, entry = _in_flight_key(project.owner), f"{project.id}-{project.created_at_ms}"
    ports.leases.wait(key, entry)
    if len(ports.leases.waiting(key)) <= most or len(_others_in_flight(key, entry, ports)) < most:
        return
    ports.leases.stop_waiting(key, entry)
    said = f"{most} movies of yours are being rendered, and no more may be at a time: ask later"
    raise RateLimited(said, IN_FLIGHT_SECONDS, most)


def count(project: Project, outcome: Outcome, ports: Ports) -> None:
    """The project's movie was rendered for it: it is of today's quota. Where nothing is limited
    nothing is counted.
    """
    facts, quota = outcome.stored.facts, ports.quotas.of(project.owner)
    day_ms = today_ms(ports.clock)
    for name, most, amount in (
        (SECONDS, quota.seconds_per_day, max(1, round(facts["duration"]))),
        (BYTES, quota.bytes_per_day, int(facts["size"])),
    ):
        if most is not None:
            ports.usage.add(project.owner, name, day_ms, amount, KEPT_DAYS * DAY_MS)


def seconds_left(owner: str, ports: Ports) -> int | None:
    """Of today's; None when they are not limited."""
    most = ports.quotas.of(owner).seconds_per_day
    return None if most is None else max(0, most - _used(owner, SECONDS, ports))


def _others_in_flight(key: str, but: str, ports: Ports) -> list[str]:
    """All but that one; those that have ended, or were never stored, are forgotten."""
    found = []
    for entry in ports.leases.waiting(key):
        if entry == but:
            continue
        if _is_in_flight(entry, ports):
            found.append(entry)
        else:
            ports.leases.stop_waiting(key, entry)
    return found


def _is_in_flight(entry: str, ports: Ports) -> bool:
    """A project is noted before it is stored: for a moment nothing is known of it."""
    project_id, _, since_ms = entry.partition("-")
    project = ports.projects.peek(project_id)
    if project is None:
        return int(since_ms or 0) + STORED_WITHIN_MS > ports.clock.now_ms()
    return project.status not in TERMINAL


def _used(owner: str, name: str, ports: Ports) -> int:
    return ports.usage.total(owner, name, today_ms(ports.clock))


def _in_flight_key(owner: str) -> str:
    return f"in-flight/{owner}"
