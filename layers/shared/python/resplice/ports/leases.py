"""Leases: who does a piece of work, and who waits for them.

All times come from the caller's clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from resplice.frozen import frozen


@frozen
class Lease:
    """The right to do one piece of work until a time. fence rises with each new holder."""

    key: str
    holder: str
    fence: int
    until_ms: int


class Leases(Protocol):
    """One holder a key, over all processes. What was written is read by whoever reads next."""

    def claim(self, key: str, holder: str, now_ms: int, lease_ms: int) -> Lease | None:
        """The lease, when nobody holds an unexpired one; else None. Atomic over processes."""
        ...

    def renew(self, lease: Lease, now_ms: int, lease_ms: int) -> Lease | None:
        """The same lease, longer; None when it was lost to another holder or released."""
        ...

    def release(self, lease: Lease) -> bool:
        """Give it up. False when it was no longer ours (holder and fence are compared)."""
        ...

    def held(self, key: str) -> Lease | None:
        """The lease as its holder has it, expired or not; None when it was released."""
        ...

    def wait(self, key: str, project_id: str) -> None:
        """Note that the project waits for whoever holds the lease. Twice is once."""
        ...

    def waiting(self, key: str) -> Sequence[str]:
        """Who waits, sorted. Sees every wait that returned before this call."""
        ...

    def stop_waiting(self, key: str, project_id: str) -> None: ...
