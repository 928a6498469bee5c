"""Deadline: when work has to end, and what is said of work that it ended, or that a full disk did.

On one machine it is an execution's, on AWS each function's own: it comes before Lambda's, which
would end the function without a word. Steps hand it on; whatever waits asks it how long it may.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from resplice.core.time_units import MINUTE_MS
from resplice.errors import DocumentError, LimitReached, MakeError, ProviderBusy, ProviderLost
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.messages import STORE_FULL, tells_of_a_full_disk

MARGIN_S = 0.005
"""Clocks are read to the millisecond."""
MOVIE_LATE = (
    "The movie was not finished within its time limit of {minutes:g} minutes: make it shorter, or "
    "see whether its sources answer slowly; whoever runs the server can set RESPLICE_MAX_MINUTES"
)
STEP_LATE = (
    "it was not finished within the {seconds:.0f} seconds that one step may take: make it shorter "
    "or simpler, or see whether what it is made of comes slowly"
)
TOO_LARGE = "it does not fit the disk of the function that makes it: make it shorter or smaller"


@frozen
class Deadline:
    """until_ms: on that clock. limit_ms: how much time that is. late: what is said when it is over,
    with that in `minutes` or `seconds`.
    """

    until_ms: float
    limit_ms: float
    now_ms: Callable[[], int]
    late: str = MOVIE_LATE

    @classmethod
    def of(cls, project: Project, ports: Ports) -> Deadline:
        """Of an execution that begins now."""
        now_ms, patience = ports.clock.now_ms, ports.patience
        whole_ms = project.created_at_ms + patience.deadline_ms
        executed_ms = now_ms() + patience.execution_ms
        if executed_ms <= whole_ms:
            return cls(executed_ms, patience.execution_ms, now_ms)
        return cls(whole_ms, patience.deadline_ms, now_ms)

    @classmethod
    def of_step(cls, left_ms: float, ports: Ports) -> Deadline:
        """Of a step that begins now, and may take so long."""
        now_ms = ports.clock.now_ms
        return cls(now_ms() + left_ms, left_ms, now_ms, STEP_LATE)

    def later(self, seconds: float) -> Deadline:
        """For who waits for those that end by themselves."""
        return replace(self, until_ms=self.until_ms + 1000 * seconds)

    def left_s(self) -> float:
        """Seconds, none when it is over."""
        left_s = (self.until_ms - self.now_ms()) / 1000
        return min(left_s + MARGIN_S, threading.TIMEOUT_MAX) if left_s > 0 else 0.0

    def is_over(self) -> bool:
        return not self.left_s()

    def check(self) -> None:
        """Raises LimitReached."""
        if self.is_over():
            raise LimitReached(self.words())

    def words(self) -> str:
        return self.late.format(minutes=self.limit_ms / MINUTE_MS, seconds=self.limit_ms / 1000)


NEVER = Deadline(math.inf, math.inf, lambda: 0)


@contextmanager
def bounded(place: str, deadline: Deadline, ports: Ports) -> Iterator[None]:
    """What fails in it because the time is over, or the disk full, raises LimitReached, which says
    so: another try would end likewise. place: what is made, empty when whoever catches it says so.

    What is wrong with a movie is told as it is, and so is what a provider was asked for: it may
    have been paid for, or goes on there, and the next call takes up what came of it.
    """
    try:
        yield
    except (DocumentError, MakeError, ProviderBusy, ProviderLost):
        raise
    except Exception as error:
        named = f"{place}: " if place else ""
        if deadline.is_over():
            raise LimitReached(named + deadline.words()) from error
        if tells_of_a_full_disk(error):
            words = TOO_LARGE if ports.own_disk else STORE_FULL
            raise LimitReached(named + words) from error
        raise
