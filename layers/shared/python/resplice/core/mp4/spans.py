"""What a file is put together of: bytes that were reckoned, and runs of stored objects. Values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence

from resplice.frozen import frozen


@frozen
class Run:
    """Bytes of a stored object. version: what the store calls the bytes that it has now."""

    key: str
    version: str
    offset: int
    size_bytes: int

    @property
    def end(self) -> int:
        return self.offset + self.size_bytes


Span = bytes | Run
"""What a file is put together of."""


def size_of(spans: Sequence[Span]) -> int:
    return sum(len(span) if isinstance(span, bytes) else span.size_bytes for span in spans)


def digest_of(spans: Sequence[Span], named: Callable[[Run], str]) -> str:
    """A name for what is put together of them. named: what names the bytes of a run's object."""
    said = [
        hashlib.sha256(span).hexdigest()
        if isinstance(span, bytes)
        else [named(span), span.offset, span.size_bytes]
        for span in spans
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
