"""Quotas: whether an owner may ask for more now, and what of a day's quota is left.

Bounds of all owners together, and of one API key, are taken before the work they bound begins:
added in one write, and given back where that is too much. So nothing goes beyond them, whoever asks
at the same moment.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from resplice.core.prices import dollars
from resplice.core.quotas import TOGETHER
from resplice.core.time_units import DAY_MS, MINUTE_MS, SECOND_MS
from resplice.errors import QuotaExceeded, RateLimited
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.projects import TERMINAL, Project
from resplice.steps.moments import today_ms
from resplice.steps.movie_cache import Outcome

KEPT_DAYS = 3
REQUESTS, SECONDS, BYTES = "requests", "seconds", "bytes"
MOVIES, MICRO_USD = "movies", "micro-usd"
USED_UP = (
    "You exceeded the quota of movies in your plan. Please upgrade your plan to continue. "
    "({used} of {most} {what} were rendered today; the day begins anew at 00:00 UTC.)"
)
"""In JSON2Video's words: clients show them."""
BEYOND = (
    "You exceeded the quota of movies in your plan. Please upgrade your plan to continue. "
    "({who} {most} a day, and {asked}; the day begins anew at 00:00 UTC.)"
)
ALL_HAVE, KEY_HAS = "All who use this server together have", "This API key has"
IN_FLIGHT_SECONDS = 5
STORED_WITHIN_MS = MINUTE_MS


@frozen
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


def counts_movies(ports: Ports) -> bool:
    """Whether there is a bound that one more movie may be beyond. ports: of its owner."""
    in_flight = ports.quotas.of(ports.owner).movies_in_flight
    return ports.quotas.is_bounded or in_flight is not None


def check_day(owner: str, ports: Ports) -> None:
    """Whether more may be rendered today. Raises QuotaExceeded."""
    quota = ports.quotas.of(owner)
    for name, most in ((SECONDS, quota.seconds_per_day), (BYTES, quota.bytes_per_day)):
        if most is not None and (used := _used(owner, name, ports)) >= most:
            raise QuotaExceeded(USED_UP.format(used=used, most=most, what=name))


def check_bounds(due_micro_usd: Callable[[], int], ports: Ports) -> None:
    """Whether a movie may still be begun today. due_micro_usd: what providers would be paid for it,
    as far as that is known before it is begun; one that pays nobody needs none to be left.
    Raises QuotaExceeded.
    """
    quotas, day_ms = ports.quotas, today_ms(ports.clock)
    for whose, most in quotas.most("seconds"):
        used = ports.usage.total(whose, SECONDS, day_ms)
        if used >= most:
            said = f"{_told(used, 'second')} were rendered today"
            raise _beyond(whose, _told(most, "second"), said)
    dollar_bounds = quotas.most("micro_usd")
    due = due_micro_usd() if dollar_bounds else 0
    for whose, most in dollar_bounds if due else ():
        if ports.usage.total(whose, MICRO_USD, day_ms) + due > most:
            raise _too_dear(whose, due, most)


def take_movie(ports: Ports) -> None:
    """One more is to be made today. Raises QuotaExceeded."""
    if refused := _refused(MOVIES, 1, ports.quotas.most("movies"), ports):
        whose, most = refused
        raise _beyond(whose, _told(most, "movie"), "as many were taken in today")


def take_seconds(seconds: float, ports: Ports) -> None:
    """As many are to be rendered today. Raises QuotaExceeded."""
    amount = math.ceil(seconds)
    if refused := _refused(SECONDS, amount, ports.quotas.most("seconds"), ports):
        whose, most = refused
        said = f"the {_told(amount, 'second')} to be rendered are more than is left"
        raise _beyond(whose, _told(most, "second"), said)


def take_dollars(due_micro_usd: int, ports: Ports) -> None:
    """As much is to be paid to providers today. Raises QuotaExceeded."""
    if refused := _refused(MICRO_USD, due_micro_usd, ports.quotas.most("micro_usd"), ports):
        whose, most = refused
        raise _too_dear(whose, due_micro_usd, most)


def admit(project: Project, ports: Ports) -> None:
    """Let the project be one of those in flight. Raises RateLimited when they are too many.

    Of those that are noted, the ended ones are looked for only when there seem to be too many.
    """
    most = ports.quotas.of(project.owner).movies_in_flight
    if most is None:
        return
    key, entry = _in_flight_key(project.owner), _entry_of(project)
    ports.leases.wait(key, entry)
    if len(ports.leases.waiting(key)) <= most or len(_others_in_flight(key, entry, ports)) < most:
        return
    ports.leases.stop_waiting(key, entry)
    said = f"{most} movies of yours are being rendered, and no more may be at a time: ask later"
    raise RateLimited(said, IN_FLIGHT_SECONDS, most)


def dismiss(project: Project, ports: Ports) -> None:
    """It was admitted, and is none of those in flight after all."""
    if ports.quotas.of(project.owner).movies_in_flight is not None:
        ports.leases.stop_waiting(_in_flight_key(project.owner), _entry_of(project))


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
    """Of today's, the owner's and the key's; None when neither is limited."""
    most, key = ports.quotas.of(owner).seconds_per_day, ports.quotas.key
    own = [] if most is None else [(owner, most)]
    own += [(key.counter, key.bounds.seconds)] if key and key.bounds.seconds is not None else []
    left = [most - _used(whose, SECONDS, ports) for whose, most in own]
    return max(0, min(left)) if left else None


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


def _refused(
    name: str, amount: int, bounds: Sequence[tuple[str, int]], ports: Ports
) -> tuple[str, int] | None:
    """Take it of all these bounds; the first that has less left, and then nothing is taken.
    Whoever dies in between has taken it: a bound is never passed.
    """
    day_ms, kept_ms = today_ms(ports.clock), KEPT_DAYS * DAY_MS
    for number, (whose, most) in enumerate(bounds if amount else ()):
        if ports.usage.add(whose, name, day_ms, amount, kept_ms) > most:
            for taken, _ in bounds[: number + 1]:
                ports.usage.add(taken, name, day_ms, -amount, kept_ms)
            return whose, most
    return None


def _too_dear(whose: str, due: int, most: int) -> QuotaExceeded:
    said = f"the {dollars(due)} that this movie needs by list prices are more than is left"
    return _beyond(whose, dollars(most), said)


def _beyond(whose: str, most: str, asked: str) -> QuotaExceeded:
    who = ALL_HAVE if whose == TOGETHER else KEY_HAS
    return QuotaExceeded(BEYOND.format(who=who, most=most, asked=asked))


def _told(amount: int, thing: str) -> str:
    return f"{amount} {thing}{'' if amount == 1 else 's'}"


def _entry_of(project: Project) -> str:
    return f"{project.id}-{project.created_at_ms}"


def _in_flight_key(owner: str) -> str:
    return f"in-flight/{owner}"
