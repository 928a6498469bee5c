"""Certificates that content credentials are signed with, by `cryptography`: whether one can be
used, and by which algorithm. Whoever keeps them reads and writes them.
"""

from __future__ import annotations

import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from resplice.frozen import frozen

CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
LEAST_RSA_BITS = 2048
KEY_BEGINS = b"-----BEGIN PRIVATE KEY-----"
KEY = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@frozen
class Certificate:
    """chain, key: PEM. subject: whose it is. algorithm: as C2PA calls it."""

    chain: bytes
    key: bytes
    algorithm: str
    subject: str
    ends: datetime.datetime

    def has_ended(self) -> bool:
        return self.ends <= datetime.datetime.now(datetime.UTC)

    def kept(self) -> str:
        """As one text, which `read` takes apart."""
        return (self.chain.rstrip() + b"\n" + self.key).decode("ascii")


def read(kept: bytes) -> Certificate:
    """Raises ValueError for what `Certificate.kept` did not write."""
    chain, begins, key = kept.partition(KEY_BEGINS)
    return certificate(chain, begins + key)


def certificate(chain: bytes, key: bytes) -> Certificate:
    """chain: the certificate first, then those that vouch for it. Raises ValueError, in words."""
    try:
        own, *_ = x509.load_pem_x509_certificates(chain)
        whose = own.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("there is no chain of certificates in PEM") from None
    try:
        private = serialization.load_pem_private_key(key, None)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        raise ValueError("there is no private key in PEM without a password") from None
    if private.public_key() != whose:
        raise ValueError("the private key is not that of the chain's first certificate")
    pem = private.private_bytes(*KEY)
    subject = own.subject.rfc4514_string()
    return Certificate(chain, pem, _algorithm(private), subject, own.not_valid_after_utc)


def _algorithm(private: object) -> str:
    if isinstance(private, ec.EllipticCurvePrivateKey) and private.curve.name in CURVES:
        return CURVES[private.curve.name]
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size >= LEAST_RSA_BITS:
        return "ps256"
    raise ValueError("C2PA takes keys of P-256, P-384, P-521, Ed25519, and RSA from 2048 bits")
