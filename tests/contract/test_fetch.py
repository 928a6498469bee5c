"""The Http port over real sockets, against a server that misbehaves in every way it can."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from resplice.adapters.web.fetch import SafeHttp, resolve
from resplice.adapters.web.limits import HttpLimits
from resplice.core.addresses import AllowedSource
from resplice.errors import (
    SourceMissing,
    SourceRefused,
    SourceTimeout,
    SourceUnavailable,
    StorageError,
)
from resplice.ports.web import Allowance, Validators
from web_server import BODY, DIGEST, QUICK, Handler, Server, refused, serving

PUBLIC = "93.184.216.34"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "down" / "media"


@pytest.fixture(autouse=True)
def nothing_left_behind(into: Path) -> Iterator[None]:
    into.parent.mkdir()
    yield
    assert [path.name for path in into.parent.iterdir()] in ([], [into.name])


def test_one_download_may_have_less_than_others(server: Server, into: Path) -> None:
    http, url = server.http(), server.url("/media")
    with pytest.raises(SourceRefused, match="larger than 1000 bytes"):
        http.fetch(url, into, None, Allowance(5, 1000))
    server.answers["/slow"] = lambda to: time.sleep(1)
    with pytest.raises(SourceTimeout):
        http.fetch(server.url("/slow"), into, None, Allowance(0.1, 1000))
    assert http.fetch(url, into, None, Allowance(1e6, 1 << 40)), "never more than all may have"
    with pytest.raises(SourceRefused, match="larger than 1000000 bytes"):
        server.answers["/large"] = lambda to: to.give(200, bytes(1_000_001))
        http.fetch(server.url("/large"), into, None, Allowance(1e6, 1 << 40))


def test_it_says_what_it_found_and_where(server: Server, into: Path) -> None:
    server.answers["/here"] = lambda to: to.give(302, Location="/there")
    server.answers["/there"] = lambda to: to.give(200, b"x", Content_Type="text/css; charset=x")
    got = server.http().fetch(server.url("/here"), into)
    assert got and (got.media_type, got.url) == ("text/css; charset=x", server.url("/there"))
    server.answers["/plain"] = lambda to: to.give(200, b"x")
    got = server.http().fetch(server.url("/plain"), into)
    assert got and got.media_type == ""


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
    assert (got.digest, got.size_bytes) == (DIGEST, len(BODY))
    assert got.validators == Validators('"a"', "Mon, 01 Jan 2024 00:00:00 GMT")
    assert (got.media_type, got.url) == ("video/mp4", server.url("/media?a=b c"))
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
    assert (
        isinstance(error, SourceRefused)
        and error.reason
        == "the address is not public: on one machine, --allow-source HOST:PORT opens it"
    )


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
    assert isinstance(error, SourceTimeout) and error.reason == "timed out" and not error.retry


@pytest.mark.parametrize("part", ["headers", "body", "body without a length"])
def test_a_slow_drip_is_cut_off_by_the_total_time(server: Server, into: Path, part: str) -> None:
    def drip(to: Handler) -> None:
        lengths = {"headers": b"X-", "body": b"Content-Length: 1000\r\n\r\n"}
        to.wfile.write(b"HTTP/1.1 200 OK\r\n" + lengths.get(part, b"\r\n"))
        for _ in range(400):
            to.wfile.write(b"x")
            time.sleep(0.05)

    server.answers["/media"] = drip
    http = server.http(HttpLimits(read_s=1, total_s=0.4))
    began = time.monotonic()
    error = refused(http, server.url("/media"), into)
    assert isinstance(error, SourceTimeout) and error.reason == "timed out" and not error.retry
    assert time.monotonic() - began < 10


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
    server.answers["/media"] = lambda to: to.wfile.write(said)
    assert isinstance(refused(server.http(), server.url("/media"), into), SourceUnavailable)


def test_a_file_that_cannot_be_written_is_not_the_sources_fault(
    server: Server, tmp_path: Path
) -> None:
    with pytest.raises(StorageError):
        server.http().fetch(server.url("/media"), tmp_path / "no" / "folder" / "media")


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
        assert resolve(spelling, 80) == ["127.0.0.1"]
