"""When movies come: each pattern is a row. And what is asked of a simulation when it is over."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from resplice.ports import Ports
from resplice.steps import projects
from resplice.steps.execution.submit import Submission

from benchmarks import media, movies, prices
from benchmarks.simulation.account import EPOCH_MS, Account
from benchmarks.simulation.measured import Work
from benchmarks.simulation.quotas import Quotas, Rate, quotas_of
from benchmarks.simulation.stage import Movie, Stage

SCENES = 12
"""Of the measured movie, a minute long."""
LONG_MINUTES, LONG_SCENES = 180, 1_000
"""The longest that is taken, of as many scenes as are."""
USUAL, NEW = 1_000, 10
"""Functions at once, of an account as most are and of one that is new."""
RAISED = Rate(10_000, 10_000)
"""AWS's own limit of an API, as a stage's `rate` and `burst`."""


@dataclass(frozen=True)
class Pattern:
    """count: of movies of a minute. apart_s: between two of them. equal: whether they are the same
    one. long_first: whether one of three hours comes before them. accounts: that it is played on.
    """

    name: str
    count: int
    apart_s: float
    accounts: tuple[int, ...] = (USUAL, NEW)
    equal: bool = False
    long_first: bool = False
    raised: bool = False

    def quotas(self, concurrency: int) -> Quotas:
        quotas = quotas_of(concurrency)
        return replace(quotas, api=RAISED) if self.raised else quotas

    def movies(self, work: Work) -> list[Movie]:
        """Of which each is known by its media, so that different ones share nothing."""
        bodies = (body_of(0 if self.equal else n) for n in range(self.count))
        small = [Movie(body, work, n * self.apart_s) for n, body in enumerate(bodies)]
        if not self.long_first:
            return small
        longer = work.longer(LONG_MINUTES, LONG_SCENES / SCENES)
        return [Movie(body_of(-1, LONG_SCENES, LONG_MINUTES), longer, 0.0), *small]


PATTERNS = (
    Pattern("steady, 6 a minute for half an hour", 180, 10.0),
    Pattern("steady, 10 a second for five minutes", 3_000, 0.1, (USUAL,)),
    Pattern("10,000 equal ones at once", 10_000, 0.0, equal=True),
    Pattern("the same, the stage's rate raised", 10_000, 0.0, (USUAL,), equal=True, raised=True),
    Pattern("10,000 different ones at once", 10_000, 0.0, (USUAL,)),
    Pattern("1,000 different ones at once", 1_000, 0.0, (NEW,)),
    Pattern("one of 3 h, then 6 a minute", 180, 10.0, long_first=True),
)


def body_of(number: int, scenes: int = SCENES, minutes: int = 1) -> bytes:
    """What is sent for a movie like the measured one, of media that its number names."""
    return _template(scenes, minutes).replace("NUMBER", str(number)).encode()


@cache
def _template(scenes: int, minutes: int) -> str:
    text = json.dumps(movies.scenes(scenes, 60 * minutes / scenes))
    for name in media.RECIPES:
        text = text.replace(f'"{name}"', f'"https://media.example/NUMBER/{name}"')
    return text


def accepting(ports: Ports) -> Callable[[bytes], Submission]:
    """The real acceptance of a document, once for equal bodies."""
    known: dict[bytes, Submission] = {}

    def accepted(body: bytes) -> Submission:
        digest = hashlib.sha256(body).digest()
        if digest not in known:
            found = projects.accepted(body, ports.tools, ports.offers, ports.components.all)
            assert isinstance(found, Submission)
            known[digest] = found
        return known[digest]

    return accepted


@dataclass(frozen=True)
class Result:
    """What came of a pattern on an account."""

    pattern: Pattern
    stage: Stage

    def waits_s(self) -> list[float]:
        """From when they were asked for first to their ends, the shortest first, but for the long
        one.
        """
        small = self.stage.movies[self.pattern.long_first :]
        return sorted(self._wait_s(movie) for movie in small)

    def long_s(self) -> float | None:
        return self._wait_s(self.stage.movies[0]) if self.pattern.long_first else None

    def _wait_s(self, movie: Movie) -> float:
        ended_ms = self.stage.projects.rows[str(movie.project)].ended_at_ms
        assert ended_ms is not None
        return (ended_ms - EPOCH_MS) / 1000 - movie.arrived_s

    def ends(self) -> Counter[str]:
        rows = self.stage.projects.rows
        return Counter(rows[str(movie.project)].status for movie in self.stage.movies)

    def dollars(self) -> float:
        """Lambda's and Step Functions' as simulated; the rest as it was measured of one movie."""
        account, rest = self.stage.account, 0.0
        for movie in self.stage.movies:
            made = movie.project in self.stage.executed
            rest += movie.work.rest_dollars if made else movie.work.again_dollars
        return account.dollars + account.transitions * prices.STATE_TRANSITION + rest

    def saturated(self) -> Iterator[tuple[float, str, int]]:
        """Limits that somebody waited for: when first, which, and how often; the first first."""
        met = self.stage.account.meters().items()
        found = [(m.first_s, name, m.times) for name, m in met if m.first_s is not None]
        yield from sorted(found)


def play(
    pattern: Pattern,
    concurrency: int,
    work: Work,
    ports: Ports,
    accepted: Callable[[bytes], Submission],
) -> Result:
    stage = Stage(Account(pattern.quotas(concurrency)), ports, accepted)
    stage.play(pattern.movies(work))
    return Result(pattern, stage)
