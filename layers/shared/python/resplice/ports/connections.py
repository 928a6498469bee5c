"""Connections: accounts with providers, and their secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn, Protocol

from resplice.core.providers import Connection


class Secret(dict[str, str]):
    """What a connection holds and nobody may see, by name. It never shows its values."""

    def __repr__(self) -> str:
        return f"Secret({', '.join(self)})"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret stays in the process that needs it")


class Connections(Protocol):
    """What was written is read by whoever reads next. Secrets are encrypted where they lie."""

    def add(self, connection: Connection, secret: Mapping[str, str]) -> None:
        """Enter it; replaces one of the same id. Raises StorageError."""
        ...

    def list(self) -> Sequence[Connection]:
        """All, by id."""
        ...

    def secret(self, id: str) -> Secret:
        """Raises NotFound when there is no such connection, StorageError."""
        ...

    def remove(self, id: str) -> bool:
        """Its secret too. False when there was none."""
        ...
