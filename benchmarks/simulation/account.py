"""The account of a simulated stage: what happens when, functions that run, what it is billed."""

from __future__ import annotations

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from benchmarks import prices
from benchmarks.simulation.quotas import Bucket, Meter, Quotas, Window
from infra.rows import ROWS

EPOCH_MS = 1_800_000_000_000
"""When a simulation begins."""
TABLE_S, OTHER_S = 0.005, 0.02
"""Assumed: what a request of DynamoDB takes (AWS says single-digit milliseconds), and one of S3 or
Step Functions. They are not in the README's measured seconds, which know no network."""
ASYNC_TRIES, ASYNC_PAUSE_S = 3, 60.0
"""A function that failed is called twice more for an event, a minute and two later."""
LONGEST_PAUSE_S = 300.0
"""Between two tries of an event for which no function was free; at first a second."""

Step = Callable[[], object]
Done = Callable[[str | None], object]


class Died(BaseException):
    """A function ran out of time in the middle of its work. Nothing of ours may catch it."""


@dataclass
class Account:
    """now_s: since the beginning. elapsed_s: what the function that works now has worked.
    log: (function, from, to) of each call. tries: those that no function was free for.
    """

    quotas: Quotas
    seed: int = 1
    now_s: float = 0.0
    elapsed_s: float = 0.0
    dollars: float = 0.0
    transitions: int = 0
    tries: int = 0
    died: Counter[str] = field(default_factory=Counter)
    log: list[tuple[str, float, float]] = field(default_factory=list)
    running: int = 0
    most_running: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self._agenda: list[tuple[float, int, Step]] = []
        self._count, self._timeout_s = 0, float("inf")
        self._idle: Counter[str] = Counter()
        self.new = defaultdict[str, Bucket](lambda: Bucket(self.quotas.environments))
        self.api = Bucket(self.quotas.api)
        self.starts = Bucket(self.quotas.starts)
        self.moves = Bucket(self.quotas.transitions)
        self.reads, self.writes = Window(self.quotas.table_reads), Window(self.quotas.table_writes)
        self.puts, self.gets = Window(self.quotas.puts), Window(self.quotas.gets)
        self.concurrency = Meter()

    def meters(self) -> dict[str, Meter]:
        """By the names of limits."""
        new = Meter()
        for bucket in self.new.values():
            if bucket.meter.first_s is not None:
                new.late(bucket.meter.first_s)
                new.times += bucket.meter.times - 1
        return {
            "API: rate and burst": self.api.meter,
            "Lambda: concurrency": self.concurrency,
            "Lambda: new environments": new,
            "Step Functions: StartExecution": self.starts.meter,
            "Step Functions: transitions": self.moves.meter,
            "DynamoDB: writes of a key": self.writes.meter,
            "DynamoDB: reads of a key": self.reads.meter,
            "S3: writes of a prefix": self.puts.meter,
            "S3: reads of a prefix": self.gets.meter,
        }

    def after(self, pause_s: float, step: Step) -> None:
        self._count += 1
        heapq.heappush(self._agenda, (self.now_s + pause_s, self._count, step))

    def run(self) -> None:
        """Until nothing is left to happen."""
        while self._agenda:
            self.now_s, _, step = heapq.heappop(self._agenda)
            step()

    def now_ms(self) -> int:
        """Implements ports.clock.Clock: also in the middle of a function's work."""
        return EPOCH_MS + round((self.now_s + self.elapsed_s) * 1000)

    def spend(self, seconds: float) -> None:
        """The function that works waits for something. Raises Died when its time is over."""
        self.elapsed_s += seconds
        if self.elapsed_s > self._timeout_s:
            self.elapsed_s = self._timeout_s
            raise Died

    def use(self, window: Window, key: str, units: float) -> None:
        """Wait until that may be asked of the key."""
        at_s = self.now_s + self.elapsed_s
        self.spend(window.at(key, at_s, units) - at_s)

    def queue(self, bucket: Bucket) -> None:
        """Wait for a token, in the middle of a function's work."""
        self.spend(max(0.0, bucket.reserve(self.now_s) - self.elapsed_s))

    def call(self, function: str, seconds: float, work: Step, done: Done) -> bool:
        """Call it, if one is free. seconds: of its own work; what it waits for comes on top. done
        is told the name of what it failed with.
        """
        if self.running >= self.quotas.concurrency:
            self.concurrency.late(self.now_s)
            self.tries += 1
            return False
        if self._idle[function]:
            self._idle[function] -= 1
        elif not self.new[function].take(self.now_s):
            self.tries += 1
            return False
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        failed, took_s = self._worked(function, seconds, work)
        self.log.append((function, self.now_s, self.now_s + took_s))
        row = ROWS[function]
        self.dollars += prices.function_dollars(took_s, row.memory_mb, row.tmp_mb)
        self.after(took_s, partial(self._ended, function, failed, done))
        return True

    def call_within(self, function: str, seconds: float, work: Step) -> None:
        """A function that works calls another, and waits for it beside others; when none is free
        it does that work itself.
        """
        own = (self.elapsed_s, self._timeout_s)
        called = self.call(function, seconds, work, lambda failed: None)
        self.elapsed_s, self._timeout_s = own
        if not called:
            self.spend(seconds)
            work()

    def _worked(self, function: str, seconds: float, work: Step) -> tuple[str | None, float]:
        self.elapsed_s, self._timeout_s = 0.0, ROWS[function].timeout_s
        failed: str | None = None
        try:
            self.spend(seconds)
            work()
        except Died:
            failed = "Sandbox.Timedout"
            self.died[function] += 1
        except Exception as error:  # As Lambda tells of it: by its name.
            failed = type(error).__name__
        took_s, self.elapsed_s, self._timeout_s = self.elapsed_s, 0.0, float("inf")
        return failed, took_s

    def _ended(self, function: str, failed: str | None, done: Done) -> None:
        self.running -= 1
        self._idle[function] += 1
        done(failed)

    def tell(self, function: str, seconds: float, work: Step) -> None:
        """Call it for an event, as EventBridge does: again when it fails, or when none is free."""
        self._told(function, seconds, work, 0, 0)

    def _told(self, function: str, seconds: float, work: Step, tries: int, failures: int) -> None:
        def done(failed: str | None) -> None:
            if failed and failures + 1 < ASYNC_TRIES:
                again = partial(self._told, function, seconds, work, 0, failures + 1)
                self.after(ASYNC_PAUSE_S * (failures + 1), again)

        if not self.call(function, seconds, work, done):
            again = partial(self._told, function, seconds, work, tries + 1, failures)
            self.after(min(LONGEST_PAUSE_S, 2.0**tries), again)

    def move(self, step: Step) -> None:
        """A transition of a state machine, and then the step."""
        self.transitions += 1
        wait_s = self.moves.reserve(self.now_s)
        if wait_s:
            self.after(wait_s, step)
        else:
            step()
