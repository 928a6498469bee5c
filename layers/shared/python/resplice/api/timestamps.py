"""Times as callers read them, and dates as they write them. All of it is UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from resplice.steps.moments import EPOCH, moment, timestamp

__all__ = ["day_of", "moment_ms", "start_ms", "timestamp"]

_MS = timedelta(milliseconds=1)


def day_of(at_ms: int) -> date:
    """The day that a moment lies in."""
    return moment(at_ms).date()


def start_ms(day: date) -> int:
    """When the day begins."""
    return (datetime.combine(day, time(), UTC) - EPOCH) // _MS


def moment_ms(text: str, *, end: bool) -> int:
    """An ISO 8601 date or time in milliseconds since the epoch.

    end: the first millisecond after it; a whole day lasts to its end.
    Raises ValueError, OverflowError.
    """
    text = text.strip()
    if len(text) == len("2026-01-31"):
        return start_ms(date.fromisoformat(text) + timedelta(days=end))
    at = datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (at.astimezone(UTC) - EPOCH) // _MS + end
