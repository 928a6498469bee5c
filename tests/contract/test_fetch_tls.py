"""The Http port over TLS: the name is checked, the connection goes to the checked address."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from resplice.adapters.web.fetch import SafeHttp
from resplice.core.addresses import AllowedSource
from resplice.errors import SourceRefused
from web_server import QUICK, Server, refused, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate and its key for media.test and 127.0.0.9, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "media.test")])
    names = [x509.DNSName("media.test"), x509.IPAddress(ip_address("127.0.0.9"))]
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture
def secure(server: Server, certificate: Path) -> list[str | None]:
    """Make the server speak TLS; the server names that clients ask for."""
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _sock, name, _context: asked.append(name)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return asked


def over_tls(server: Server, host: str, trusted: Path | None) -> tuple[SafeHttp, str]:
    allowed = frozenset({AllowedSource(host, server.server_port)})
    tls = ssl.create_default_context(cafile=trusted) if trusted else None
    http = SafeHttp(allowed, QUICK, tls=tls, resolver=lambda _host, _port: ["127.0.0.1"])
    return http, f"https://{host}:{server.server_port}"


def test_tls_asks_for_and_checks_the_name_and_not_the_address(
    server: Server, secure: list[str | None], certificate: Path, into: Path
) -> None:
    http, base = over_tls(server, "media.test", certificate)
    assert http.fetch(f"{base}/media", into)
    assert secure == ["media.test"]
    assert server.seen[0][1]["Host"] == f"media.test:{server.server_port}"


@pytest.mark.parametrize(
    ("host", "trusted", "reason"),
    [("media.test", False, "self-signed certificate"), ("other.test", True, "Hostname mismatch")],
)
def test_a_certificate_that_does_not_hold_is_refused_at_once(
    server: Server,
    secure: list[str | None],
    certificate: Path,
    into: Path,
    host: str,
    trusted: bool,
    reason: str,
) -> None:
    http, base = over_tls(server, host, certificate if trusted else None)
    error = refused(http, f"{base}/media", into)
    assert isinstance(error, SourceRefused)
    assert error.reason.startswith("TLS: ") and reason in error.reason
    assert server.seen == [] and secure == [host]


def test_a_server_that_does_not_speak_tls_is_refused(server: Server, into: Path) -> None:
    http, base = over_tls(server, "media.test", None)
    error = refused(http, f"{base}/media", into)
    assert isinstance(error, SourceRefused) and error.reason.startswith("TLS: ")


def test_a_redirect_away_from_https_is_refused(
    server: Server, secure: list[str | None], certificate: Path, into: Path
) -> None:
    http, base = over_tls(server, "media.test", certificate)
    server.answers["/go"] = lambda to: to.give(302, Location="http://example.com/")
    error = refused(http, f"{base}/go", into)
    assert isinstance(error, SourceRefused) and error.reason == "a redirect leads away from https"
