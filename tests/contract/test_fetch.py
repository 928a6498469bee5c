"""The Http port over real sockets, against a server that misbehaves in every way it can."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from resplice.adapters import fetch as fetch_module
from resplice.adapters.fetch import HttpLimits, SafeHttp
from resplice.core.addresses import AllowedSource
from resplice.errors import (
    SourceError,
    SourceMissing,
    SourceRefused,
    SourceUnavailable,
    StorageError,
)
from resplice.ports import Validators

BODY = bytes(range(256)) * 1000
DIGEST = hashlib.sha256(BODY).hexdigest()
QUICK = HttpLimits(connect_s=2, read_s=0.3, total_s=5, size_bytes=1_000_000, backoff_s=0.01)
PUBLIC = "93.184.216.34"

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        self.server.answers[self.path.partition("?")[0]](self)
        self.close_connection = True

    def give(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content_Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Answers by path; keeps the path and the headers of each request."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.answers: dict[str, Answer] = {"/media": lambda to: to.give(200, BODY)}

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def http(self, limits: HttpLimits = QUICK, **more: Any) -> SafeHttp:
        return SafeHttp(frozenset({AllowedSource("127.0.0.1", self.server_port)}), limits, **more)

    def handle_error(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "down" / "media"


@pytest.fixture(autouse=True)
def nothing_left_behind(into: Path) -> Iterator[None]:
    into.parent.mkdir()
    yield
    assert [path.name for path in into.parent.iterdir()] in ([], [into.name])


def refused(http: SafeHttp, url: str, into: Path) -> SourceError:
    """The error that fetching the URL ends in; nothing may be left at `into`."""
    with pytest.raises(SourceError) as caught:
        http.fetch(url, into)
    assert not into.exists()
    assert str(caught.value) == f"Failed to download '{url}' ({caught.value.reason})"
    return caught.value


def test_a_download_is_whole_and_named_by_its_digest(server: Server, into: Path) -> None:
    server.answers["/media"] = lambda to: to.give(
        200,
        BODY,
        Content_Type="video/mp4",
        ETag='"a"',
        Last_Modified="Mon, 01 Jan 2024 00:00:00 GMT",
    )
    got = server.http().fetch(server.url("/media?a=b c"), into)
    assert got is not None
    assert (got.digest, got.size_bytes, got.content_type) == (DIGEST, len(BODY), "video/mp4")
    assert got.validators == Validators('"a"', "Mon, 01 Jan 2024 00:00:00 GMT")
    assert into.read_bytes() == BODY
    path, headers = server.seen[0]
    assert path == "/media?a=b%20c"
    assert headers == {
        "Host": f"127.0.0.1:{server.server_port}",
        "User-Agent": "Resplice/0.1",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
    }


def test_a_chunked_body_of_unknown_length_is_taken(server: Server, into: Path) -> None:
    def chunked(to: Handler) -> None:
        to.send_response(200)
        to.send_header("Transfer-Encoding", "chunked")
        to.end_headers()
        for at in range(0, len(BODY), 50_000):
            piece = BODY[at : at + 50_000]
            to.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        to.wfile.write(b"0\r\n\r\n")

    server.answers["/media"] = chunked
    got = server.http().fetch(server.url("/media"), into)
    assert got is not None and got.digest == DIGEST


def test_the_proxy_of_the_environment_is_not_used(
    server: Server, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert server.http().fetch(server.url("/media"), into)


def test_a_conditional_request_that_finds_nothing_new_gives_none(
    server: Server, into: Path
) -> None:
    server.answers["/media"] = lambda to: to.give(304)
    known = Validators('"a"', "Mon, 01 Jan 2024 00:00:00 GMT")
    assert server.http().fetch(server.url("/media"), into, known) is None
    assert not into.exists()
    headers = server.seen[0][1]
    assert headers["If-None-Match"] == '"a"'
    assert headers["If-Modified-Since"] == "Mon, 01 Jan 2024 00:00:00 GMT"


def test_redirects_are_followed_by_hand(server: Server, into: Path) -> None:
    server.answers["/1"] = lambda to: to.give(301, Location="/2?x=1")
    server.answers["/2"] = lambda to: to.give(307, Location=server.url("/media"))
    assert server.http().fetch(server.url("/1"), into)
    assert [path for path, _ in server.seen] == ["/1", "/2?x=1", "/media"]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.1/",
        "http://localhost/",
        "http://127.0.0.1:22/",
        "//10.0.0.1/x",
        "file:///etc/passwd",
        "http://[bad/",
    ],
)
def test_a_redirect_to_where_none_may_go_is_refused(
    server: Server, into: Path, location: str
) -> None:
    server.answers["/go"] = lambda to: to.give(302, Location=location)
    error = refused(server.http(), server.url("/go"), into)
    assert isinstance(error, SourceRefused)
    assert len(server.seen) == 1


def test_a_redirect_loop_ends(server: Server, into: Path) -> None:
    server.answers["/go"] = lambda to: to.give(302, Location="/go")
    error = refused(server.http(), server.url("/go"), into)
    assert isinstance(error, SourceRefused) and error.reason == "too many redirects"
    assert len(server.seen) == QUICK.redirects + 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "127.0.0.1."]
)
def test_private_places_are_refused_without_being_asked(into: Path, host: str) -> None:
    error = refused(SafeHttp(limits=QUICK), f"http://{host}/secret", into)
    assert isinstance(error, SourceRefused) and error.reason == "the address is not public"


@pytest.mark.parametrize("answer", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], [PUBLIC, "::1"], [""]])
def test_one_private_address_among_a_hosts_addresses_is_enough(
    into: Path, answer: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = record_connections(monkeypatch, None)
    http = SafeHttp(limits=QUICK, resolver=lambda _host, _port: answer)
    assert isinstance(refused(http, "http://rebind.test/", into), SourceRefused)
    assert connected == []


def test_a_changed_answer_of_the_name_server_moves_nothing(
    server: Server, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    connected = record_connections(monkeypatch, server)
    http = SafeHttp(limits=QUICK, resolver=lambda _host, _port: next(answers))
    got = http.fetch("http://rebind.test/media", into)
    assert got is not None and got.digest == DIGEST
    assert connected == [(PUBLIC, 80)]
    assert server.seen[0][1]["Host"] == "rebind.test"
    assert next(answers) == ["127.0.0.1"], "the host was resolved once"


def record_connections(
    monkeypatch: pytest.MonkeyPatch, server: Server | None
) -> list[tuple[str, int]]:
    """The addresses that are connected to; the connections lead to the server instead."""
    connected: list[tuple[str, int]] = []
    real = socket.create_connection

    def create(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        connected.append(address)
        assert server is not None
        return real(("127.0.0.1", server.server_port))

    monkeypatch.setattr("urllib3.util.connection.create_connection", create)
    return connected


def test_the_next_checked_address_is_tried(into: Path, server: Server) -> None:
    allowed = frozenset({AllowedSource("two.test", server.server_port)})
    http = SafeHttp(allowed, QUICK, resolver=lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
    assert http.fetch(f"http://two.test:{server.server_port}/media", into)


def test_a_host_that_is_not_there_is_missing(into: Path) -> None:
    def nowhere(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    error = refused(SafeHttp(limits=QUICK, resolver=nowhere), "http://nowhere.test/", into)
    assert isinstance(error, SourceMissing) and error.reason == "host not found"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204, 206, 300, 304])
def test_a_no_is_missing_and_not_asked_again(server: Server, into: Path, status: int) -> None:
    server.answers["/media"] = lambda to: to.give(status)
    error = refused(server.http(), server.url("/media"), into)
    assert isinstance(error, SourceMissing) and error.reason == str(status)
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
def test_a_fault_that_may_heal_is_tried_three_times(
    server: Server, into: Path, status: int
) -> None:
    server.answers["/media"] = lambda to: to.give(status)
    error = refused(server.http(), server.url("/media"), into)
    assert isinstance(error, SourceUnavailable) and error.reason == str(status)
    assert len(server.seen) == 3


def test_a_fault_that_heals_is_not_seen(server: Server, into: Path) -> None:
    server.answers["/media"] = lambda to: (
        to.give(200, BODY) if len(server.seen) == 3 else to.give(503)
    )
    assert server.http().fetch(server.url("/media"), into)


def test_nobody_listening_is_unavailable(into: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        http = SafeHttp(frozenset({AllowedSource("127.0.0.1", port)}), QUICK)
        error = refused(http, f"http://127.0.0.1:{port}/", into)
    assert isinstance(error, SourceUnavailable) and error.reason == "cannot connect"


def test_a_body_shorter_than_declared_is_a_fault(server: Server, into: Path) -> None:
    server.answers["/media"] = lambda to: to.give(200, BODY, Content_Length=str(len(BODY) + 1))
    assert isinstance(refused(server.http(), server.url("/media"), into), SourceUnavailable)
    assert len(server.seen) == 3


def test_a_hang_after_the_headers_times_out(server: Server, into: Path) -> None:
    def hang(to: Handler) -> None:
        to.give(200, b"", Content_Length="1000")
        time.sleep(1.5)

    server.answers["/media"] = hang
    http = server.http(HttpLimits(read_s=0.2, total_s=5, tries=1))
    error = refused(http, server.url("/media"), into)
    assert isinstance(error, SourceUnavailable) and error.reason == "timed out"


@pytest.mark.parametrize("part", ["headers", "body", "body without a length"])
def test_a_slow_drip_is_cut_off_by_the_total_time(server: Server, into: Path, part: str) -> None:
    def drip(to: Handler) -> None:
        lengths = {"headers": b"X-", "body": b"Content-Length: 1000\r\n\r\n"}
        to.wfile.write(b"HTTP/1.1 200 OK\r\n" + lengths.get(part, b"\r\n"))
        for _ in range(40):
            to.wfile.write(b"x")
            time.sleep(0.05)

    server.answers["/media"] = drip
    http = server.http(HttpLimits(read_s=1, total_s=0.4))
    began = time.monotonic()
    error = refused(http, server.url("/media"), into)
    assert isinstance(error, SourceUnavailable) and error.reason == "timed out"
    assert time.monotonic() - began < 1.2


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_the_limit_is_refused(server: Server, into: Path, declared: bool) -> None:
    def large(to: Handler) -> None:
        to.send_response(200)
        if declared:
            to.send_header("Content-Length", str(10 * QUICK.size_bytes))
        to.end_headers()
        to.wfile.write(bytes(2 * QUICK.size_bytes))

    server.answers["/media"] = large
    error = refused(server.http(), server.url("/media"), into)
    assert isinstance(error, SourceRefused) and error.reason == "larger than 1000000 bytes"


def test_gzip_is_decoded_though_not_asked_for(server: Server, into: Path) -> None:
    packed = gzip.compress(BODY)
    server.answers["/media"] = lambda to: to.give(200, packed, Content_Encoding="gzip")
    got = server.http().fetch(server.url("/media"), into)
    assert got is not None and (got.digest, got.size_bytes) == (DIGEST, len(BODY))


def test_a_gzip_bomb_is_refused(server: Server, into: Path) -> None:
    bomb = gzip.compress(bytes(100 * QUICK.size_bytes))
    assert len(bomb) < QUICK.size_bytes
    server.answers["/media"] = lambda to: to.give(200, bomb, Content_Encoding="gzip")
    error = refused(server.http(), server.url("/media"), into)
    assert isinstance(error, SourceRefused) and error.reason == "larger than 1000000 bytes"


@pytest.mark.parametrize("packed", [gzip.compress(BODY)[:-9], b"no gzip at all", b""])
def test_damaged_gzip_is_a_fault(server: Server, into: Path, packed: bytes) -> None:
    server.answers["/media"] = lambda to: to.give(200, packed, Content_Encoding="gzip")
    assert isinstance(refused(server.http(), server.url("/media"), into), SourceUnavailable)


def test_other_encodings_are_refused(server: Server, into: Path) -> None:
    server.answers["/media"] = lambda to: to.give(200, b"x", Content_Encoding="br")
    assert isinstance(refused(server.http(), server.url("/media"), into), SourceRefused)


@pytest.mark.parametrize("said", [b"no HTTP\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nA" + b"a" * 70_000])
def test_what_is_not_http_is_a_fault(server: Server, into: Path, said: bytes) -> None:
    server.answers["/media"] = lambda to: to.wfile.write(said)  # type: ignore[func-returns-value]
    assert isinstance(refused(server.http(), server.url("/media"), into), SourceUnavailable)


def test_a_file_that_cannot_be_written_is_not_the_sources_fault(
    server: Server, tmp_path: Path
) -> None:
    with pytest.raises(StorageError):
        server.http().fetch(server.url("/media"), tmp_path / "no" / "folder" / "media")


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


def test_a_share_link_is_fetched_in_its_direct_form(
    into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def nowhere(host: str, _port: int) -> list[str]:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    url = "https://drive.google.com/file/d/1A/view"
    refused(SafeHttp(limits=QUICK, resolver=nowhere), url, into)
    assert asked == ["drive.usercontent.google.com"]


def test_a_number_in_any_spelling_is_resolved_to_its_address() -> None:
    for spelling in ("2130706433", "0x7f000001", "0177.0.0.1", "127.1"):
        assert fetch_module.resolve(spelling, 80) == ["127.0.0.1"]
