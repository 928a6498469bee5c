"""The Http port over TLS: the name is checked, the connection goes to the checked address."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from certificates import secured, self_signed
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
    return self_signed(tmp_path_factory.mktemp("tls"), "media.test", "127.0.0.9")


@pytest.fixture
def secure(server: Server, certificate: Path) -> list[str | None]:
    """Make the server speak TLS; the server names that clients ask for."""
    return secured(server, certificate)


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
