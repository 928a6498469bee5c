"""Moments in time as callers read them, and days as they are counted. All of it is UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from resplice.core.time_units import DAY_MS
from resplice.ports.clock import Clock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(at_ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=at_ms)


def timestamp(at_ms: int) -> str:
    """ISO 8601 with exactly three decimals and a Z: some clients read no other."""
    return moment(at_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def today_ms(clock: Clock) -> int:
    """When the day began."""
    return clock.now_ms() // DAY_MS * DAY_MS
