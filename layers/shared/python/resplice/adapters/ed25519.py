"""Ed25519 (RFC 8032), by `cryptography`: keys, what they sign, and whether that holds.

Private keys are PKCS #8 in PEM, as OpenSSL reads them; public ones are their 32 bytes in hex.
Whoever keeps them reads and writes them.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from resplice.core.provenance import Signature


def new_key() -> bytes:
    """A private key."""
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def signed(content: bytes, private_pem: bytes) -> Signature:
    """Raises ValueError for what is no such key."""
    key = _private(private_pem)
    return Signature(_hex(key.public_key()), key.sign(content).hex())


def holds(signature: Signature, content: bytes) -> bool:
    """Whether its key has signed these bytes."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.key))
        key.verify(bytes.fromhex(signature.value), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_of(private_pem: bytes) -> str:
    """Raises ValueError for what is no such key."""
    return _hex(_private(private_pem).public_key())


def pem_of(public: str) -> str:
    """The public key as OpenSSL reads it."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


def public_in(pem: bytes) -> str:
    """The public key that a PEM file holds. Raises ValueError when there is none."""
    try:
        key = serialization.load_pem_public_key(pem)
    except UnsupportedAlgorithm:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("no public key of Ed25519")
    return _hex(key)


def _private(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("no private key of Ed25519")
    return key


def _hex(key: Ed25519PublicKey) -> str:
    return key.public_bytes_raw().hex()
