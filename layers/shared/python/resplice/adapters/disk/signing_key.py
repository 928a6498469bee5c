"""The operator's private key, in a file beside the data: made once, 0600 from its first moment."""

from __future__ import annotations

from pathlib import Path

from resplice.adapters.disk.secret_file import only_ours, write_secret
from resplice.adapters.key_signer import KeySigner
from resplice.errors import Conflict, StorageError

MOST_BYTES = 1 << 16
"""What a secret of AWS may hold, too: a key, or one with its chain of certificates."""


class SigningKey(KeySigner):
    """Implements ports.signer.Signer, with the key in the file for as long as there is one."""

    def __init__(self, file: Path) -> None:
        super().__init__(str(file))
        self._file = file

    def keep(self, text: str) -> None:
        try:
            write_secret(self._file, text)
        except OSError as error:
            if self._file.exists():
                raise Conflict(f"{self._file} is there already") from None
            raise StorageError(f"cannot make {self._file}: {error.strerror}") from None

    def pem(self) -> bytes | None:
        try:
            return only_ours(self._file, MOST_BYTES)
        except FileNotFoundError:
            return None
