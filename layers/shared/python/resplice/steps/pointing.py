"""Pointing: let a key of the cache lead to bytes that are in place, but never back to older ones.

Runs that make the same thing anew, side by side, may end in another order than they began.
"""

from __future__ import annotations

from resplice.ports import Ports
from resplice.ports.objects import StoredFacts


def point(key: str, facts: StoredFacts, as_of_ms: int, ports: Ports) -> None:
    """as_of_ms: when what the key leads to was as it is. One that is newer stays."""
    there = ports.cache_index.pointer(key)
    if not there or there.get("as_of_ms", 0) <= as_of_ms:
        ports.cache_index.point(key, {**facts, "as_of_ms": as_of_ms})
