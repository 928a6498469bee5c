"""Limits: what one execution may take of a machine that it shares with others.

Its time is looked at between steps and while it waits for their tasks; its downloads are cut off
when it is over, and when they are more than may be. What it stores the store itself counts.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from pathlib import Path

from resplice.core.time_units import MINUTE_MS
from resplice.errors import LimitReached
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.ports.web import Allowance, Fetched, Validators
from resplice.steps.readiness import require_ready

MARGIN_S = 0.005
"""Clocks are read to the millisecond."""


class Deadline:
    """When an execution has to end."""

    def __init__(self, until_ms: float, limit_ms: float, now_ms: Callable[[], int]) -> None:
        """limit_ms: how much time that is."""
        self._until_ms, self._limit_ms, self._now_ms = until_ms, limit_ms, now_ms

    @classmethod
    def of(cls, project: Project, ports: Ports) -> Deadline:
        """Of one that begins now."""
        now_ms, patience = ports.clock.now_ms, ports.patience
        whole_ms = project.created_at_ms + patience.deadline_ms
        executed_ms = now_ms() + patience.execution_ms
        if executed_ms <= whole_ms:
            return cls(executed_ms, patience.execution_ms, now_ms)
        return cls(whole_ms, patience.deadline_ms, now_ms)

    def left_s(self) -> float:
        """Seconds, none when it is over."""
        left_s = (self._until_ms - self._now_ms()) / 1000
        return min(left_s + MARGIN_S, threading.TIMEOUT_MAX) if left_s > 0 else 0.0

    def is_over(self) -> bool:
        return not self.left_s()

    def check(self) -> None:
        """Raises LimitReached."""
        if self.is_over():
            raise LimitReached(self.words())

    def words(self) -> str:
        return (
            f"The movie was not finished within its time limit of "
            f"{self._limit_ms / MINUTE_MS:g} minutes: make it shorter, or see whether its sources "
            "answer slowly; whoever runs the server can set RESPLICE_MAX_MINUTES"
        )


NEVER = Deadline(math.inf, math.inf, lambda: 0)


class LimitedWeb:
    """Implements ports.web.Web for one execution. Safe to use from many threads."""

    def __init__(self, ports: Ports, deadline: Deadline, most_bytes: int) -> None:
        self._ports, self._web, self._deadline = ports, ports.web, deadline
        self._lock, self._most_bytes, self._taken_bytes = threading.Lock(), most_bytes, 0

    def fetch(
        self,
        url: str,
        into: Path,
        known: Validators | None = None,
        allowance: Allowance | None = None,
    ) -> Fetched | None:
        """See ports.web.Web. Also raises LimitReached, and Unavailable when there is no room."""
        self._spend(0)
        seconds, size_bytes = self._deadline.left_s(), self._most_bytes
        if allowance:
            seconds = min(seconds, allowance.seconds)
            size_bytes = min(size_bytes, allowance.size_bytes)
        return self._web.fetch(url, into, known, Allowance(seconds, size_bytes, self._spend))

    def _spend(self, size_bytes: int) -> None:
        self._deadline.check()
        require_ready(self._ports)
        with self._lock:
            self._taken_bytes += size_bytes
            taken_bytes = self._taken_bytes
        if taken_bytes > self._most_bytes:
            raise LimitReached(
                f"All sources of the movie together are larger than the "
                f"{self._most_bytes / 1e9:g} GB that one movie may download: use smaller ones; "
                "whoever runs the server can set RESPLICE_MAX_DOWNLOAD_GB"
            )
