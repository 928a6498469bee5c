"""Certificates: for servers of tests, signed by nobody but themselves; and for those who sign."""

from __future__ import annotations

import datetime
import ssl
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from web_server import Server

PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8


def self_signed(folder: Path, *names: str) -> Path:
    """A certificate and its key, for hosts and addresses, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName(map(_name, names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def secured(server: Server, certificate: Path) -> list[str | None]:
    """Make the server speak TLS; the names that clients will have asked it for."""
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _sock, name, _context: asked.append(name)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return asked


def signing_chain(folder: Path, days: int = 30) -> tuple[Path, Path]:
    """Files of a chain and of its key, as an authority gives to who signs content credentials."""
    folder.mkdir(parents=True, exist_ok=True)
    root_key, own_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root, own = (_organisation(name) for name in ("Tests", "Films"))
    authority = _issued(root, root, root_key.public_key(), root_key, ca=True, days=30)
    leaf = _issued(own, root, own_key.public_key(), root_key, ca=False, days=days)
    chain, key = folder / "chain.pem", folder / "chain.key"
    chain.write_bytes(b"".join(each.public_bytes(PEM) for each in (leaf, authority)))
    key.write_bytes(own_key.private_bytes(PEM, PKCS8, serialization.NoEncryption()))
    return chain, key


def _organisation(name: str) -> x509.Name:
    oids = (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    return x509.Name([x509.NameAttribute(oid, name) for oid in oids])


def _issued(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    signs: ec.EllipticCurvePrivateKey,
    *,
    ca: bool,
    days: int,
) -> x509.Certificate:
    now, month = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=30)
    usage = x509.KeyUsage(not ca, *(False,) * 4, *(ca,) * 2, *(False,) * 2)
    made = (
        x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
        .not_valid_before(now - month)
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signs.public_key()), critical=False
        )
    )
    if not ca:
        mail = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        made = made.add_extension(mail, critical=False)
    return made.sign(signs, hashes.SHA256())
