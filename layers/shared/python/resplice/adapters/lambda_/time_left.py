"""How long a function may go on: until a little before Lambda ends it without a word."""

from __future__ import annotations

import math
import time
from typing import Any

RESERVE_SECONDS = 20.0
"""For what is left to do then: to end what runs, and to store and tell what came of it."""


class TimeLeft:
    """Of the call that the process is at: Lambda gives a process one at a time. It is handed to
    whatever waits, which asks it each time.
    """

    def __init__(self) -> None:
        self._until_s = math.inf

    def begin(self, context: Any) -> float:
        """A call begins; how many seconds it may take. context: as Lambda gives it."""
        left_ms: int = context.get_remaining_time_in_millis()
        left_s = max(0.0, left_ms / 1000 - RESERVE_SECONDS)
        self._until_s = time.monotonic() + left_s
        return left_s

    def __call__(self) -> float:
        """Seconds, none when it is over."""
        return max(0.0, self._until_s - time.monotonic())
