"""What an account and a stage allow, as numbers with where they are written, and who has to wait.

All are defaults; those of Step Functions are of the smaller regions (three large ones have more).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from infra.settings import Settings


@dataclass(frozen=True)
class Rate:
    """A bucket of tokens: how many it holds, and how many come a second."""

    size: float
    per_s: float


@dataclass(frozen=True)
class Quotas:
    """concurrency: functions at once in the account. environments: new ones, of each function.
    starts, describes, transitions: of Step Functions. table_reads, table_writes: units a second
    of one partition key. at_once: tasks of one movie.

    https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    https://docs.aws.amazon.com/step-functions/latest/dg/limits-overview.html
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
    """

    concurrency: int
    at_once: int
    api: Rate
    environments: Rate = Rate(1_000, 100)
    starts: Rate = Rate(800, 150)
    transitions: Rate = Rate(800, 500)
    table_reads: float = 3_000
    table_writes: float = 1_000
    puts: float = 3_500
    gets: float = 5_500


USUAL = Settings(stage="prod")
TASKS_OF_NEW = 7
"""What the README says that a new account is to have as `tasks_at_once`."""


def quotas_of(concurrency: int, settings: Settings = USUAL) -> Quotas:
    """Of an account that runs so many functions at once, with a stage as it is by default."""
    at_once = TASKS_OF_NEW if concurrency <= 10 else settings.tasks_at_once
    return Quotas(concurrency, at_once, Rate(settings.burst, settings.rate))


@dataclass
class Meter:
    """Who had to wait for a limit. first_s: when the first one had."""

    first_s: float | None = None
    times: int = 0

    def late(self, at_s: float) -> None:
        self.first_s = at_s if self.first_s is None else min(self.first_s, at_s)
        self.times += 1


@dataclass
class Bucket:
    """Tokens, asked for in the order of time; below nothing it is a queue. granted_s: when each
    was used.
    """

    rate: Rate
    meter: Meter = field(default_factory=Meter)
    granted_s: list[float] = field(default_factory=list)
    _left: float = field(init=False)
    _at_s: float = 0.0

    def __post_init__(self) -> None:
        self._left = self.rate.size

    def _fill(self, now_s: float) -> None:
        self._left = min(self.rate.size, self._left + (now_s - self._at_s) * self.rate.per_s)
        self._at_s = now_s

    def reserve(self, now_s: float) -> float:
        """Take the next token; how long it takes until it is there."""
        self._fill(now_s)
        self._left -= 1
        wait_s = max(0.0, -self._left / self.rate.per_s)
        self.granted_s.append(now_s + wait_s)
        if wait_s:
            self.meter.late(now_s)
        return wait_s

    def take(self, now_s: float) -> bool:
        """Take a token, if one is there."""
        self._fill(now_s)
        if self._left < 1:
            self.meter.late(now_s)
            return False
        self._left -= 1
        self.granted_s.append(now_s)
        return True


@dataclass
class Window:
    """Units in each second, by key, asked for in any order of time."""

    most: float
    meter: Meter = field(default_factory=Meter)
    used: dict[tuple[str, int], float] = field(default_factory=lambda: defaultdict(float))

    def at(self, key: str, now_s: float, units: float) -> float:
        """Use the units in the first second from then on that has them; when that is. More than a
        second has are used over some.
        """
        second, when_s = int(now_s), now_s
        while units > 0:
            room = self.most - self.used[key, second]
            part = min(units, room)
            if part > 0 and (part == units or units > self.most):
                self.used[key, second] += part
                units -= part
            if units > 0:
                second += 1
                when_s = float(second)
        if when_s > now_s:
            self.meter.late(now_s)
        return when_s

    def peak(self) -> tuple[float, str]:
        """Most units of a second, and of which key."""
        return max(((units, key) for (key, _), units in self.used.items()), default=(0.0, ""))
