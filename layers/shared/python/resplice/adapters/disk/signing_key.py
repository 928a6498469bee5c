"""The operator's private key, in a file beside the data: made once, 0600 from its first moment."""

from __future__ import annotations

from pathlib import Path

from resplice.adapters.disk.secret_file import only_ours, write_secret
from resplice.core.provenance import Signature
from resplice.errors import StorageError

MOST_BYTES = 4096


class SigningKey:
    """Implements ports.signer.Signer, with the key in the file for as long as there is one. Every
    method raises StorageError for a file that others may read, or that holds something else.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    def sign(self, content: bytes) -> Signature | None:
        try:
            pem = only_ours(self.file, MOST_BYTES)
        except FileNotFoundError:
            return None
        # Imported late: it takes 30 ms, and who has no key signs nothing.
        from resplice.adapters import ed25519

        try:
            return ed25519.signed(content, pem)
        except ValueError:
            raise self._no_key() from None

    def make(self) -> str:
        """The public key of a new one. Raises FileExistsError."""
        from resplice.adapters import ed25519

        pem = ed25519.new_key()
        try:
            write_secret(self.file, pem.decode())
        except OSError as error:
            if self.file.exists():
                raise FileExistsError(self.file) from None
            raise StorageError(f"cannot make {self.file}: {error.strerror}") from None
        return ed25519.public_of(pem)

    def public(self) -> str:
        """Its public key. Raises FileNotFoundError."""
        from resplice.adapters import ed25519

        try:
            return ed25519.public_of(only_ours(self.file, MOST_BYTES))
        except ValueError:
            raise self._no_key() from None

    def _no_key(self) -> StorageError:
        return StorageError(f"{self.file} holds no private key of Ed25519")
