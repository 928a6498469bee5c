"""The cache's index: which keys lead to what lies under other keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from resplice.ports.objects import StoredFacts


class CacheIndex(Protocol):
    """What was written is read by whoever reads next."""

    def point(self, key: str, facts: StoredFacts) -> None:
        """Let a key of the cache lead to what lies under other keys: the facts say where.

        Called after the bytes are in place. Replaces what was there.
        """
        ...

    def drop(self, key: str) -> None:
        """The key leads nowhere from now on; no error when it did not before."""
        ...

    def pointer(self, key: str) -> StoredFacts | None:
        """Where the key leads. What it leads to may be gone: then it is a miss."""
        ...

    def pointers(self, keys: Sequence[str]) -> Sequence[StoredFacts | None]:
        """What pointer gives for each, in order, faster where that is far away."""
        ...

    def forget(self, key: str, at_ms: int) -> None:
        """Let the key lead nowhere, until it is pointed again; also where it led nowhere before."""
        ...

    def forgotten(self, since_ms: int) -> frozenset[str]:
        """The keys that were forgotten at that moment or later, for some months at least: what was
        made of something before may be known by it.
        """
        ...
