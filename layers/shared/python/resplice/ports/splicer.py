"""Splicer: stored objects read in part, and a new one put together of their bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from resplice.core.boxes import Read
from resplice.core.mp4 import Span
from resplice.frozen import frozen
from resplice.ports.objects import StoredFacts, StoredObject

T = TypeVar("T")


@frozen
class Opened:
    """An object whose bytes can be read. version: what the store calls those that it has now."""

    stored: StoredObject
    version: str
    read: Read


class Splicer(Protocol):
    """Works where objects lie: none of them is copied whole to this machine, if it lies elsewhere.

    - only bytes that the store vouches for are read and spliced; damage is a miss, and the entry
      is removed.
    - as with `put` of objects, a reader sees the old object or the new one, whole, at any moment.

    sees_bytes: whether the digest of what it puts together is the SHA-256 of the bytes, which it
    sees; else it is of where they came from.
    """

    sees_bytes: bool

    def each(self, keys: Sequence[str], reading: Callable[[Opened], T]) -> list[T]:
        """What reading gives of each object, in order, several at a time where that is faster.

        Every object is marked as used now. Raises NotFound when one is not there or damaged.
        """
        ...

    def splice(self, key: str, spans: Sequence[Span], facts: StoredFacts) -> StoredObject:
        """Store these bytes, one span after the other, of the versions that were read. Its digest
        is equal for equal spans. Raises NotFound when one of them is not there any more, or
        another now, and StorageError.
        """
        ...
