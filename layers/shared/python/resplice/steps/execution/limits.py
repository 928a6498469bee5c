"""Limits: what one execution may take of a machine that it shares with others.

Its time is looked at between steps and while it waits for their tasks; its downloads are cut off
when it is over, and when they are more than may be. What it stores the store itself counts.
"""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

from resplice.errors import LimitReached
from resplice.ports import Ports
from resplice.ports.web import Allowance, Fetched, Validators
from resplice.steps.deadline import Deadline
from resplice.steps.readiness import require_ready


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
        spend = partial(self._spend, paid=bool(allowance and allowance.paid))
        spend(0)
        seconds, size_bytes = self._deadline.left_s(), self._most_bytes
        if allowance:
            seconds = min(seconds, allowance.seconds)
            size_bytes = min(size_bytes, allowance.size_bytes)
        return self._web.fetch(url, into, known, Allowance(seconds, size_bytes, spend))

    def _spend(self, size_bytes: int, *, paid: bool) -> None:
        self._deadline.check()
        require_ready(self._ports, paid=paid)
        with self._lock:
            self._taken_bytes += size_bytes
            taken_bytes = self._taken_bytes
        if taken_bytes > self._most_bytes:
            raise LimitReached(
                f"All sources of the movie together are larger than the "
                f"{self._most_bytes / 1e9:g} GB that one movie may download: use smaller ones; "
                "whoever runs the server can set RESPLICE_MAX_DOWNLOAD_GB"
            )
