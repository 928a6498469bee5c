"""Share links of Google Drive and Dropbox, over TLS and real sockets: their hosts lead to one
server here, which answers by path as the services do.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from certificates import secured, self_signed
from resplice.adapters.web.fetch import SafeHttp
from resplice.errors import SourceMissing, SourceRefused
from web_server import BODY, DIGEST, QUICK, Handler, Server, refused, serving

PUBLIC = "93.184.216.34"
HOSTS = (
    "drive.google.com",
    "drive.usercontent.google.com",
    "accounts.google.com",
    "www.dropbox.com",
    "uc1.dl.dropboxusercontent.com",
    "a.example.com",
    "b.example.com",
    "example.org",
)
SHARED = "https://drive.google.com/file/d/1A/view?usp=sharing"
DROPPED = "https://www.dropbox.com/scl/fi/x/a.mp4?rlkey=k&dl=0"
PAGE = {"Content_Type": "text/html; charset=utf-8"}
FILE = {"Content_Type": "video/mp4", "Content_Disposition": 'attachment; filename="a.mp4"'}
ASKING = b"""<html><title>Google Drive - Virus scan warning</title><form id="download-form"
action="https://drive.usercontent.google.com/download" method="get">
<input type="hidden" name="id" value="1A"><input type="hidden" name="confirm" value="t">
<input type="hidden" name="uuid" value="77-a"></form></html>"""


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls"), *HOSTS)


@pytest.fixture
def server(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    real = socket.create_connection
    with serving() as server:
        secured(server, certificate)

        def create(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
            assert address == (PUBLIC, 443)
            return real(("127.0.0.1", server.server_port))

        monkeypatch.setattr("urllib3.util.connection.create_connection", create)
        yield server


@pytest.fixture
def http(certificate: Path, server: Server) -> SafeHttp:
    tls = ssl.create_default_context(cafile=certificate)
    return SafeHttp(limits=QUICK, tls=tls, resolver=lambda _host, _port: [PUBLIC])


def asked(server: Server) -> list[str]:
    """host and path of each request, without its query."""
    return [headers["Host"] + path.partition("?")[0] for path, headers in server.seen]


def test_a_file_of_google_drive_is_downloaded(http: SafeHttp, server: Server, into: Path) -> None:
    server.answers["/download"] = lambda to: to.give(200, BODY, **FILE)
    got = http.fetch(f"  {SHARED} ", into)
    assert got is not None and got.digest == DIGEST
    assert asked(server) == ["drive.usercontent.google.com/download"]


def test_a_page_that_asks_before_a_large_file_is_answered_once(
    http: SafeHttp, server: Server, into: Path
) -> None:
    def answer(to: Handler) -> None:
        if "uuid=77-a" in to.path and "seen=1" in to.headers.get("Cookie", ""):
            to.give(200, BODY, **FILE)
        else:
            to.give(200, ASKING, Set_Cookie="seen=1; Path=/; Secure", **PAGE)

    server.answers["/download"] = answer
    got = http.fetch(SHARED, into)
    assert got is not None and got.digest == DIGEST
    assert len(server.seen) == 2


def test_a_page_that_asks_for_ever_is_given_up(http: SafeHttp, server: Server, into: Path) -> None:
    server.answers["/download"] = lambda to: to.give(200, ASKING, **PAGE)
    error = refused(http, SHARED, into)
    assert isinstance(error, SourceMissing) and len(server.seen) == 2


PRIVATE = "the file is private: let everyone with the link see it on "


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            lambda to: to.give(302, Location="https://accounts.google.com/ServiceLogin?x=1"),
            id="sign in",
        ),
        pytest.param(lambda to: to.give(200, b"<title>Sign in</title>", **PAGE), id="a page"),
        pytest.param(lambda to: to.give(403, b"<title>No</title>", **PAGE), id="forbidden"),
        pytest.param(lambda to: to.give(401, b"<title>No</title>", **PAGE), id="who are you"),
    ],
)
def test_a_private_file_is_told_as_such(
    http: SafeHttp, server: Server, into: Path, answer: Any
) -> None:
    server.answers["/download"] = answer
    error = refused(http, SHARED, into)
    assert isinstance(error, SourceMissing) and error.reason == PRIVATE + "Google Drive"
    assert len(server.seen) == 1, "nobody signs in"


def test_a_file_that_was_given_away_too_often_is_told_as_such(
    http: SafeHttp, server: Server, into: Path
) -> None:
    page = b"<title>Google Drive - Quota exceeded</title>"
    server.answers["/download"] = lambda to: to.give(200, page, **PAGE)
    assert "too often today" in refused(http, SHARED, into).reason


def test_a_folder_is_refused_without_being_asked(
    http: SafeHttp, server: Server, into: Path
) -> None:
    error = refused(http, "https://drive.google.com/drive/folders/1A", into)
    assert isinstance(error, SourceRefused) and "share the file itself" in error.reason
    assert server.seen == []


def test_a_page_that_is_the_file_is_downloaded(http: SafeHttp, server: Server, into: Path) -> None:
    said = {**PAGE, "Content_Disposition": 'attachment; filename="a.html"'}
    server.answers["/download"] = lambda to: to.give(200, ASKING, **said)
    assert http.fetch(SHARED, into)
    assert into.read_bytes() == ASKING


def test_a_file_of_dropbox_is_downloaded_with_the_cookies_of_its_redirects(
    http: SafeHttp, server: Server, into: Path
) -> None:
    def share(to: Handler) -> None:
        assert "rlkey=k" in to.path and "dl=1" in to.path
        cookie = "t=abc; Domain=dropbox.com; Path=/; Secure; HttpOnly"
        to.give(302, Location="/step", Set_Cookie=cookie)

    def step(to: Handler) -> None:
        known = to.headers.get("Cookie") == "t=abc"
        there = "https://uc1.dl.dropboxusercontent.com/cd/0/get/a"
        to.give(302 if known else 403, Location=there)

    server.answers["/scl/fi/x/a.mp4"] = share
    server.answers["/step"] = step
    server.answers["/cd/0/get/a"] = lambda to: to.give(200, BODY, **FILE)
    got = http.fetch(DROPPED, into)
    assert got is not None and got.digest == DIGEST
    assert "Cookie" not in server.seen[-1][1], "they are Dropbox's own"


@pytest.mark.parametrize(
    "answer",
    [
        lambda to: to.give(302, Location="/login?cont=x"),
        lambda to: to.give(200, b"<title>Dropbox - Log in</title>", **PAGE),
    ],
)
def test_a_private_file_of_dropbox_is_told_as_such(
    http: SafeHttp, server: Server, into: Path, answer: Any
) -> None:
    server.answers["/scl/fi/x/a.mp4"] = answer
    assert refused(http, DROPPED, into).reason == PRIVATE + "Dropbox"


def test_cookies_are_forgotten_with_the_fetch(http: SafeHttp, server: Server, into: Path) -> None:
    server.answers["/set"] = lambda to: to.give(302, Location="/media", Set_Cookie="a=1")
    assert http.fetch("https://a.example.com/set", into)
    assert server.seen[-1][1]["Cookie"] == "a=1"
    assert http.fetch("https://a.example.com/media", into)
    assert "Cookie" not in server.seen[-1][1]


@pytest.mark.parametrize(
    ("cookie", "there", "shown"),
    [
        ("a=1", "https://a.example.com/media", "a=1"),
        ("a=1", "https://b.example.com/media", None),
        ("a=1; Domain=example.com", "https://b.example.com/media", "a=1"),
        ("a=1; Domain=example.org", "https://example.org/media", None),
        ("a=1; Domain=com", "https://b.example.com/media", None),
        ("a=1; Path=/elsewhere", "https://a.example.com/media", None),
        ("a=" + "x" * 20_000, "https://a.example.com/media", None),
    ],
)
def test_a_cookie_is_shown_to_whom_it_is_for(
    http: SafeHttp, server: Server, into: Path, cookie: str, there: str, shown: str | None
) -> None:
    server.answers["/set"] = lambda to: to.give(302, Location=there, Set_Cookie=cookie)
    assert http.fetch("https://a.example.com/set", into)
    assert server.seen[-1][1].get("Cookie") == shown
