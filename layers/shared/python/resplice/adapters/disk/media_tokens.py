"""Tokens that let a file in: what may be put where, until when, signed with a key in a file.

They say nothing that is secret; nobody else can make one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import asdict
from pathlib import Path

from resplice.adapters.disk.secret_file import kept_secret
from resplice.ports.media import Upload

MAC_BYTES = 32


class MediaTokens:
    """key_file is made with the first token. Raises StorageError."""

    def __init__(self, key_file: Path) -> None:
        self._key_file = key_file

    def token(self, upload: Upload, until_s: int) -> str:
        said = json.dumps([asdict(upload), until_s], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._mac(said) + said).decode().rstrip("=")

    def read(self, token: str) -> tuple[Upload, int] | None:
        """What a token of ours says, and until when (seconds since the epoch) it holds."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        mac, said = raw[:MAC_BYTES], raw[MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(said)):
            return None
        upload, until_s = json.loads(said)
        return Upload(**upload), until_s

    def _mac(self, said: bytes) -> bytes:
        return hmac.digest(kept_secret(self._key_file), said, hashlib.sha256)
