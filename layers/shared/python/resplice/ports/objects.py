"""Objects: bytes under a key, wherever they lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from resplice.frozen import frozen

MAX_REFRESHED_BYTES = 1 << 30
"""Of an object that is made new by its use, where age removes what is old."""
StoredFacts = Mapping[str, Any]
"""A JSON object that is stored beside something, and tells of it."""
NO_FACTS: StoredFacts = MappingProxyType({})


@frozen
class StoredObject:
    """What a store knows of an object without reading its bytes."""

    key: str
    size_bytes: int
    digest: str
    facts: StoredFacts = field(default_factory=dict)


@frozen
class ListedObject:
    """What a listing tells of an object. used_at_ms: its last use, as far as the store notes it."""

    key: str
    size_bytes: int
    used_at_ms: int


class Objects(Protocol):
    """Bytes under a key, with a few JSON facts beside them. Keys: `prefix/name`, [a-z0-9/._-].

    - put is atomic: a reader sees the old object or the new one, whole, at any moment, also
      when the writer dies. Putting under an existing key replaces it.
    - what open gives was verified against the digest; damage is a miss, and the entry is removed.
    - every head and open marks the object as used now.
    """

    def put(self, key: str, source: Path, facts: StoredFacts) -> StoredObject:
        """Store a copy of the file at source (moved if the store can). Raises StorageError."""
        ...

    def head(self, key: str) -> StoredObject | None:
        """The object's facts, or None when there is none or its bytes are gone."""
        ...

    def heads(self, keys: Sequence[str]) -> Sequence[StoredObject | None]:
        """What head gives for each, in order, faster where that is far away."""
        ...

    def there(self, keys: Sequence[str]) -> Sequence[bool]:
        """Whether head would give something for each, in order; marks none as used."""
        ...

    def open(self, key: str) -> AbstractContextManager[Path]:
        """A read-only local path to the verified bytes while the context lasts.

        Raises NotFound when there is no such object or it turned out damaged.
        """
        ...

    def delete(self, key: str) -> None:
        """Remove the object; no error when there is none."""
        ...

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """All objects whose key starts with prefix, sorted by key."""
        ...

    def page(self, prefix: str, after: str, most: int) -> Sequence[ListedObject]:
        """The next of them, whose keys come after that text: at most so many, maybe fewer, none
        only when there are no more. No use is marked.
        """
        ...
