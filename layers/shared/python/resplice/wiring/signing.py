"""Signing of manifests: the key of a data folder, and whether a signature holds."""

from __future__ import annotations

from pathlib import Path

from resplice.adapters.content_credentials import C2paCredentials
from resplice.adapters.disk.signing_key import SigningKey
from resplice.core.provenance import Signature, is_public_key

KEY_FILE, CERTIFICATE_FILE = "signing.key", "credentials.pem"


def signing_key(folder: Path) -> SigningKey:
    """The operator's, if one was made."""
    return SigningKey(folder / KEY_FILE)


def credentials(folder: Path) -> C2paCredentials:
    """With the operator's certificate, if one is kept."""
    return C2paCredentials(SigningKey(folder / CERTIFICATE_FILE))


def pem_of(public: str) -> str:
    """The public key as OpenSSL reads it."""
    from resplice.adapters import ed25519

    return ed25519.pem_of(public)


def public_key_said(said: str) -> str | None:
    """A public key that is written out, or is in a PEM file of that name; None for neither."""
    if is_public_key(said.lower()):
        return said.lower()
    from resplice.adapters import ed25519

    try:
        return ed25519.public_in(Path(said).read_bytes())
    except (OSError, ValueError):
        return None


def holds(signature: Signature, content: bytes) -> bool:
    """Whether its key has signed these bytes."""
    from resplice.adapters import ed25519

    return ed25519.holds(signature, content)
