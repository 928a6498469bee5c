"""Components: where their folders lie, built in or the user's own."""

from __future__ import annotations

from typing import Protocol

from resplice.core.components import ComponentFolder


class Components(Protocol):
    """A place of components. Safe to call from many threads."""

    def all(self) -> tuple[ComponentFolder, ...]:
        """All that are there now, sorted by name. Raises StorageError."""
        ...
