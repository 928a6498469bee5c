"""Idempotency: which project came of a key that a caller made up, so that a repeated request makes
no second one.
"""

from __future__ import annotations

from typing import Protocol

from resplice.frozen import frozen


@frozen
class Claim:
    """What counts for a key. digest: of what was asked for with it."""

    project_id: str
    digest: str


class Idempotency(Protocol):
    """Times are milliseconds of the caller's clock."""

    def claim(self, owner: str, key: str, claim: Claim, now_ms: int, until_ms: int) -> Claim:
        """The claim that counts until its time is over: this one, or that of whoever was first.
        Atomic over processes; what was written is read by whoever reads next. Raises StorageError.
        """
        ...
