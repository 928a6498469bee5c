"""What signs with an operator's private key, wherever that is kept: who keeps it says how."""

from __future__ import annotations

from abc import ABC, abstractmethod

from resplice.core.provenance import Signature
from resplice.errors import StorageError


class KeySigner(ABC):
    """Implements ports.signer.Signer, but for where the key is. named: that, in words.

    What signs is imported late: it takes 30 ms, and who has no key signs nothing.
    """

    def __init__(self, named: str) -> None:
        self.named = named

    @abstractmethod
    def pem(self) -> bytes | None:
        """The key as it is kept; None when there is none. Raises StorageError."""

    @abstractmethod
    def keep(self, text: str) -> None:
        """Keep a key, once. Raises Conflict when there is one: it stays; StorageError."""

    def make(self) -> str:
        from resplice.adapters import ed25519

        pem = ed25519.new_key()
        self.keep(pem.decode())
        return ed25519.public_of(pem)

    def has_key(self) -> bool:
        return self.pem() is not None

    def sign(self, content: bytes) -> Signature | None:
        pem = self.pem()
        if pem is None:
            return None
        from resplice.adapters import ed25519

        try:
            return ed25519.signed(content, pem)
        except ValueError:
            raise self._no_key() from None

    def public(self) -> str | None:
        pem = self.pem()
        if pem is None:
            return None
        from resplice.adapters import ed25519

        try:
            return ed25519.public_of(pem)
        except ValueError:
            raise self._no_key() from None

    def _no_key(self) -> StorageError:
        return StorageError(f"{self.named} holds no private key of Ed25519")
