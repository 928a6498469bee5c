"""Moments in time as callers read them. All of it is UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(at_ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=at_ms)


def timestamp(at_ms: int) -> str:
    """ISO 8601 with exactly three decimals and a Z: some clients read no other."""
    return moment(at_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
