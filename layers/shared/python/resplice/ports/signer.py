"""Signer: signs manifests of movies with the operator's key."""

from __future__ import annotations

from typing import Protocol

from resplice.core.provenance import Signature


class Signer(Protocol):
    def sign(self, content: bytes) -> Signature | None:
        """None when the operator has made no key. Raises StorageError when there is one that
        cannot be used: what ought to be signed is not handed out unsigned.
        """
        ...
