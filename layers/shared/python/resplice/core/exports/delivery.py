"""Delivery: what has become of one destination, and when it is tried again. Pure.

It has one id for all its tries, made of the project's and its place: who gets it twice can know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any, Literal

from resplice.core.time_units import DAY_MS, HOUR_MS
from resplice.frozen import frozen

Status = Literal["pending", "delivered", "failed", "skipped"]
SHORTEST_MS, LONGEST_MS = 10_000, 4 * HOUR_MS
"""Of pauses. Each is as long as all that it has been tried for: they double."""
GIVEN_UP_MS = DAY_MS
"""After the end of the movie, or after somebody asked for it once more."""


@frozen
class Delivery:
    """status: pending is to be tried, or tried again; skipped: there was nothing to send.

    where: for people, without secrets. again_ms: when it is tried again; None unless it is pending
    and has been tried.
    """

    id: str
    kind: str
    where: str
    status: Status = "pending"
    attempts: int = 0
    last_error: str | None = None
    delivered_at_ms: int | None = None
    again_ms: int | None = None

    @property
    def is_over(self) -> bool:
        return self.status != "pending"

    def is_due(self, now_ms: int) -> bool:
        return not self.is_over and (self.again_ms or 0) <= now_ms

    def arrived(self, now_ms: int) -> Delivery:
        return replace(
            self,
            status="delivered",
            attempts=self.attempts + 1,
            last_error=None,
            delivered_at_ms=now_ms,
            again_ms=None,
        )

    def failed(
        self, reason: str, now_ms: int, since_ms: int, *, for_good: bool, after_ms: int = 0
    ) -> Delivery:
        """Another try failed. since_ms: from when on the time is counted for which it is tried.
        after_ms: how long the other side wants to be left alone.
        """
        pause_ms = min(max(SHORTEST_MS, now_ms - since_ms), LONGEST_MS)
        again_ms = now_ms + max(pause_ms, min(after_ms, HOUR_MS))
        over = for_good or again_ms > since_ms + GIVEN_UP_MS
        return replace(
            self,
            status="failed" if over else "pending",
            attempts=self.attempts + 1,
            last_error=reason,
            again_ms=None if over else again_ms,
        )

    def skipped(self, reason: str) -> Delivery:
        return replace(self, status="skipped", last_error=reason, again_ms=None)

    def anew(self) -> Delivery:
        """To be told once more, under the same id."""
        return replace(self, status="pending", delivered_at_ms=None, again_ms=None)


def delivery_id(project_id: str, place: int) -> str:
    return f"{project_id}-{place + 1}"


def next_ms(deliveries: Iterable[Delivery], now_ms: int) -> int | None:
    """When to go on; None when all is over."""
    open_ = [each for each in deliveries if not each.is_over]
    return min((each.again_ms or now_ms for each in open_), default=None)


def as_stored(deliveries: Iterable[Delivery]) -> list[dict[str, Any]]:
    return [asdict(each) for each in deliveries]


def from_stored(stored: Iterable[Mapping[str, Any]]) -> tuple[Delivery, ...]:
    return tuple(Delivery(**each) for each in stored)
