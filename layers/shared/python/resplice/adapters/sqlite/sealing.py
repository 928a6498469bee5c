"""Secrets encrypted at rest: AES-256-GCM under a key in a file beside the data.

The file is 0600 from its first moment, and is made once. Who has the data without it has nothing.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from resplice.adapters.disk.secret_file import make_secret, only_ours
from resplice.errors import StorageError

KEY_BYTES = 32
NONCE_BYTES = 12
ADVICE = "put the right one back, or remove the connections and enter them again"


class Sealing:
    """Every method raises StorageError, with what to do. Nothing is made before it is needed."""

    def __init__(self, key_file: Path) -> None:
        self._key_file = key_file

    def seal(self, text: bytes, bound_to: bytes, *, first: bool) -> bytes:
        """bound_to: what it can only be opened with. first: nothing else is sealed, so that a key
        may be made when there is none.
        """
        if first and not self._key_file.exists():
            self._make_key()
        nonce = os.urandom(NONCE_BYTES)
        return nonce + bytes(_cipher(self._key()).encrypt(nonce, text, bound_to))

    def open(self, sealed: bytes, bound_to: bytes) -> bytes:
        # Imported late: who uses no connection needs no cryptography.
        from cryptography.exceptions import InvalidTag

        key = self._key()
        try:
            nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return bytes(_cipher(key).decrypt(nonce, rest, bound_to))
        except (InvalidTag, ValueError):
            raise StorageError(
                f"{self._key_file} is not the key that this was encrypted with: {ADVICE}"
            ) from None

    def _key(self) -> bytes:
        try:
            text = only_ours(self._key_file, 2 * KEY_BYTES + 2).decode("latin-1").strip()
        except FileNotFoundError:
            raise StorageError(f"{self._key_file} is gone: {ADVICE}") from None
        if not re.fullmatch(rf"[0-9a-f]{{{2 * KEY_BYTES}}}", text):
            raise StorageError(f"{self._key_file} holds no key: {ADVICE}")
        return bytes.fromhex(text)

    def _make_key(self) -> None:
        try:
            make_secret(self._key_file)
        except OSError as error:
            raise StorageError(f"cannot make {self._key_file}: {error.strerror}") from None


def _cipher(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
