"""The audit log: who did what, when and from where. No documents, no secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Audit(Protocol):
    """Safe to use from many threads and processes. What is told is only ever added to."""

    def tell(self, act: Mapping[str, Any]) -> None:
        """Keep an act as one line of JSON. Raises StorageError."""
        ...
