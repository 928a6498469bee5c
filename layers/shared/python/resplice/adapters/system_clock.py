"""The wall clock of this machine. The only place that reads it for the steps."""

from __future__ import annotations

import time


class SystemClock:
    """Implements ports.clock.Clock."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000
