"""Signer: signs manifests of movies with the operator's key."""

from __future__ import annotations

from typing import Protocol

from resplice.core.provenance import Signature


class Signer(Protocol):
    """Every method raises StorageError when there is a key that cannot be used, or when that cannot
    be known: what ought to be signed is not handed out unsigned.
    """

    def has_key(self) -> bool:
        """Asked before what is to be signed is read."""
        ...

    def sign(self, content: bytes) -> Signature | None:
        """The same for the same bytes and key. None when there is no key."""
        ...

    def make(self) -> str:
        """The public key of a new one. Raises Conflict when there is a key: it stays."""
        ...

    def public(self) -> str | None:
        """The public key, hex. None when there is no key."""
        ...
