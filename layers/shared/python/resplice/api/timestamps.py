"""Times as callers read them, and dates as they write them. All of it is UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

DAY_MS = 86_400_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def timestamp(at_ms: int) -> str:
    """ISO 8601 with exactly three decimals and a Z: some clients read no other."""
    at = _EPOCH + at_ms * _MS
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day_of(at_ms: int) -> date:
    """The day that a moment lies in."""
    return (_EPOCH + at_ms * _MS).date()


def start_ms(day: date) -> int:
    """When the day begins."""
    return (datetime.combine(day, time(), UTC) - _EPOCH) // _MS


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
    return (at.astimezone(UTC) - _EPOCH) // _MS + end
