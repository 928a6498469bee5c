"""API keys: what callers show to be let in. Only digests of their texts are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from resplice.core.owners import FIRST_OWNER
from resplice.core.quotas import UNBOUNDED, Bounds
from resplice.frozen import frozen

Role = Literal["viewer", "render", "editor", "manager", "admin"]
"""Each may do what those before it may."""


@frozen
class ApiKey:
    """A key that callers show. digest: SHA-256 of its text, hex; the text is kept nowhere.
    owner: whose projects, templates and files it opens. bounds: of a day, of this key alone.
    """

    digest: str
    name: str
    role: Role
    created_at_ms: int
    expires_at_ms: int | None = None
    owner: str = FIRST_OWNER
    bounds: Bounds = UNBOUNDED


class ApiKeys(Protocol):
    """What was written is read by whoever reads next."""

    def add(self, key: ApiKey) -> None:
        """Raises StorageError when there is one of this digest."""
        ...

    def get(self, digest: str) -> ApiKey | None: ...

    def list(self) -> Sequence[ApiKey]:
        """All, oldest first."""
        ...

    def remove(self, digest: str) -> bool:
        """False when there is none."""
        ...
