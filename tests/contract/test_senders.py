"""What all that send movies must do, against real servers: a file appears whole or not at all, and
whatever the other side does, it ends in time and in words that hold no secret.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import asyncssh
import cloud
import pytest
import receivers
from certificates import secured, self_signed
from receivers import PASSWORD, USER
from resplice.adapters.senders.email import NoMail, Smtp, SmtpServer
from resplice.adapters.senders.ftp import Ftp
from resplice.adapters.senders.s3 import S3Bucket
from resplice.adapters.senders.ses import Ses
from resplice.adapters.senders.sftp import Sftp
from resplice.adapters.senders.webhook import Webhook
from resplice.adapters.web.dialling import Dialling
from resplice.adapters.web.posting import Posting
from resplice.core.addresses import AllowedSource
from resplice.errors import DeliveryError, DeliveryFailed, DeliveryRefused, RespliceError
from resplice.ports.senders import Parcel, Sender
from web_server import Server, serving

BYTES = hashlib.sha256(b"movie").digest() * 20_000
SECONDS = 20.0
Make = Callable[[frozenset[AllowedSource]], Sender]


@dataclass(frozen=True)
class Place:
    """A kind, who sends there, what its settings are, and what has arrived."""

    make: Make
    settings: dict[str, Any]
    port: int
    arrived: Callable[[], bytes | None]

    def sender(self, *ports: int) -> Sender:
        opened = {AllowedSource("127.0.0.1", port) for port in (self.port, *ports)}
        return self.make(frozenset(opened))


@pytest.fixture
def parcel(tmp_path: Path) -> Parcel:
    movie = tmp_path / "movie.mp4"
    movie.write_bytes(BYTES)
    told = {"project": "p1", "width": "64", "client-data": {"é": [1]}}
    return Parcel("p1-1", {}, told, movie, 1_700_000_000_123)


@pytest.fixture
def web() -> Iterator[Server]:
    with serving() as server:
        server.answers["/hook"] = lambda to: to.give(204)
        yield server


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def webhook(tls: ssl.SSLContext | None = None) -> Make:
    roots = tls or ssl.create_default_context()
    return lambda opened: Webhook(Posting(Dialling(opened), roots), lambda: b"s3cret")


@pytest.fixture(params=["ftp", "ftps", "sftp", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    folder = tmp_path / "received"
    folder.mkdir()
    account = {"host": "127.0.0.1", "username": USER, "password": PASSWORD}
    named = {"remote-path": "films/2026/", "file": "a é.mp4"}
    arrived = folder / "films/2026/a é.mp4"

    def of_file() -> bytes | None:
        return arrived.read_bytes() if arrived.exists() else None

    with ExitStack() as stack:
        if request.param == "s3":
            yield bucket_place(named)
            return
        if request.param == "sftp":
            key = asyncssh.generate_private_key("ssh-ed25519")
            server = stack.enter_context(receivers.sftp(folder, key))
            account["host-key"] = key.get_fingerprint()
            make: Make = by_sftp
        else:
            certificate = self_signed(tmp_path, "127.0.0.1")
            secure = request.param == "ftps"
            server = stack.enter_context(receivers.ftp(folder, certificate if secure else None))
            account |= {"secure": secure}
            make = by_ftp(certificate)
        yield Place(make, {**account, **named, "port": server.port}, server.port, of_file)
        left = [path.name for path in folder.rglob("*") if path.is_file() and path != arrived]
        assert left == []


def by_sftp(opened: frozenset[AllowedSource]) -> Sender:
    return Sftp(Dialling(opened))


def by_ftp(certificate: Path) -> Make:
    return lambda opened: Ftp(Dialling(opened), trusting(certificate))


def bucket_place(named: dict[str, str]) -> Place:
    bucket, s3 = cloud.new_bucket(), cloud.client("s3")

    def arrived() -> bytes | None:
        found = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
        keys = [each["Key"] for each in found]
        assert keys in ([], ["films/2026/a é.mp4"])
        return s3.get_object(Bucket=bucket, Key=keys[0])["Body"].read() if keys else None

    keys = {"access-key": "local", "secret-key": PASSWORD, "region": "us-east-1"}
    settings = {"bucket": bucket, "endpoint": cloud.endpoint(), **keys, **named}
    port = int(cloud.endpoint().rpartition(":")[2])
    tls = ssl.create_default_context()
    return Place(lambda opened: S3Bucket(Posting(Dialling(opened), tls)), settings, port, arrived)


def fault(sender: Sender, parcel: Parcel, seconds: float = SECONDS) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        sender.send(parcel, seconds)
    assert PASSWORD not in f"{caught.value} {caught.value!r} {parcel!r}"
    return caught.value


def test_a_file_arrives_whole_and_once_more_in_its_own_place(place: Place, parcel: Parcel) -> None:
    assert parcel.file
    own = replace(parcel, settings=place.settings)
    place.sender().send(own, SECONDS)
    assert place.arrived() == BYTES
    parcel.file.write_bytes(BYTES[::-1])
    place.sender().send(own, SECONDS)
    assert place.arrived() == BYTES[::-1]


def test_an_address_that_is_not_public_is_never_called(place: Place, parcel: Parcel) -> None:
    own = replace(parcel, settings=place.settings)
    error = fault(place.make(frozenset()), own)
    assert isinstance(error, DeliveryRefused)
    assert "not public" in str(error) or "port" in str(error) or "https" in str(error)
    assert place.arrived() is None


def test_who_hangs_is_left_in_time(place: Place, parcel: Parcel) -> None:
    with receivers.silent() as port:
        elsewhere = {"port": port, "endpoint": f"http://127.0.0.1:{port}"}
        settings = place.settings | {
            name: value for name, value in elsewhere.items() if name in place.settings
        }
        error = fault(place.sender(port), replace(parcel, settings=settings), 0.5)
    assert isinstance(error, DeliveryFailed) and "timed out" in str(error)


def test_who_is_down_may_come_back(place: Place, parcel: Parcel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    elsewhere = {"port": port, "endpoint": f"http://127.0.0.1:{port}"}
    settings = place.settings | {
        name: value for name, value in elsewhere.items() if name in place.settings
    }
    error = fault(place.sender(port), replace(parcel, settings=settings))
    assert isinstance(error, DeliveryFailed) and "cannot connect" in str(error)


@pytest.mark.parametrize("place", ["ftp", "ftps", "sftp"], indirect=True)
def test_a_wrong_password_is_told_without_it(place: Place, parcel: Parcel) -> None:
    wrong = replace(parcel, settings={**place.settings, "password": "wr0ng"})
    error = fault(place.sender(), wrong)
    assert isinstance(error, DeliveryFailed) and "wr0ng" not in str(error)
    assert "the user or the password is wrong" in str(error)
    assert place.arrived() is None


@pytest.mark.parametrize("place", ["ftps"], indirect=True)
def test_a_certificate_of_nobody_is_not_trusted(place: Place, parcel: Parcel) -> None:
    opened = frozenset({AllowedSource("127.0.0.1", place.port)})
    sender = Ftp(Dialling(opened), ssl.create_default_context())
    assert "TLS: self-signed" in str(fault(sender, replace(parcel, settings=place.settings)))
    assert place.arrived() is None


@pytest.mark.parametrize("place", ["sftp"], indirect=True)
def test_another_server_than_the_host_key_says_gets_nothing(place: Place, parcel: Parcel) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").get_fingerprint()
    own = replace(parcel, settings={**place.settings, "host-key": other})
    error = fault(place.sender(), own)
    assert isinstance(error, DeliveryRefused) and "host-key" in str(error)
    assert place.arrived() is None


def test_another_server_than_the_host_key_says_hears_no_password(
    tmp_path: Path, parcel: Parcel
) -> None:
    key, other = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    with receivers.sftp(tmp_path, key) as server:
        sender = by_sftp(frozenset({AllowedSource("127.0.0.1", server.port)}))
        settings = {
            **{"host": "127.0.0.1", "port": server.port, "remote-path": ".", "file": "m.mp4"},
            **{"username": receivers.USER, "password": receivers.PASSWORD},
        }
        wrong = replace(parcel, settings={**settings, "host-key": other.get_fingerprint()})
        assert isinstance(fault(sender, wrong), DeliveryRefused)
        assert server.passwords == []
        sender.send(replace(wrong, settings=settings), 10)
        assert server.passwords == [receivers.PASSWORD]


def test_who_has_no_movie_sends_no_file(place: Place, parcel: Parcel) -> None:
    error = fault(place.sender(), replace(parcel, settings=place.settings, file=None))
    assert isinstance(error, DeliveryRefused)


def test_a_trickle_does_not_last_longer_than_its_time(tmp_path: Path, parcel: Parcel) -> None:
    """A byte now and then resets every timeout but the one for all."""
    with serving() as server:

        def trickle(to: Any) -> None:
            with suppress(OSError):
                for _ in range(100):
                    to.wfile.write(b"H")
                    to.wfile.flush()
                    threading.Event().wait(0.1)

        server.answers["/slow"] = trickle
        opened = frozenset({AllowedSource("127.0.0.1", server.server_port)})
        settings = {"endpoint": server.url("/slow"), "content-type": "application/json"}
        began_s = time.monotonic()
        error = fault(webhook()(opened), replace(parcel, settings=settings), 0.5)
        assert "timed out" in str(error) and time.monotonic() - began_s < 5


def hook(parcel: Parcel, url: str, **more: str) -> Parcel:
    settings = {"endpoint": url, "content-type": "application/json", **more}
    return replace(parcel, settings=settings)


def here(server: Server, *others: int) -> frozenset[AllowedSource]:
    ports = (server.server_port, *others)
    return frozenset(AllowedSource("127.0.0.1", port) for port in ports)


def test_a_webhook_is_told_as_json_and_signed(web: Server, parcel: Parcel) -> None:
    webhook()(here(web)).send(hook(parcel, web.url("/hook?a=1")), SECONDS)
    [(path, headers, body)] = web.told
    assert path == "/hook?a=1" and json.loads(body) == parcel.told
    assert headers["Content-Type"] == "application/json" and "é" in body.decode()
    assert headers["X-Resplice-Delivery"] == "p1-1"
    assert headers["User-Agent"].startswith("Resplice/")
    assert "Authorization" not in headers
    at, _, mac = headers["X-Resplice-Signature"].partition(",v1=")
    assert at == "t=1700000000"
    signed = hmac.new(b"s3cret", b"1700000000." + body, "sha256").hexdigest()
    assert mac == signed


def test_a_webhook_is_told_as_a_form(web: Server, parcel: Parcel) -> None:
    form = "application/x-www-form-urlencoded"
    own = hook(parcel, web.url("/hook"), **{"content-type": form, "authorization": "Bearer x"})
    webhook()(here(web)).send(own, SECONDS)
    [(_, headers, body)] = web.told
    assert headers["Content-Type"] == form and headers["Authorization"] == "Bearer x"
    said = dict(parse_qsl(body.decode()))
    assert (said["project"], said["width"]) == ("p1", "64")
    assert json.loads(said["client-data"]) == {"é": [1]}


@pytest.mark.parametrize(
    ("status", "kind", "after_s"),
    [
        (404, DeliveryFailed, 0), (400, DeliveryFailed, 0), (410, DeliveryRefused, 0),
        (500, DeliveryFailed, 0), (429, DeliveryFailed, 90), (302, DeliveryFailed, 0),
    ],
)  # fmt: skip
def test_only_2xx_is_an_arrival(
    web: Server, parcel: Parcel, status: int, kind: type[DeliveryError], after_s: int
) -> None:
    headers = {"Location": "/hook"} if status == 302 else {"Retry_After": str(after_s)}
    web.answers["/odd"] = lambda to: to.give(status, b"x" * 300_000, **headers)
    error = fault(webhook()(here(web)), hook(parcel, web.url("/odd")))
    assert type(error) is kind and str(status) in str(error) and error.after_s == after_s
    assert len(web.told) == 1


def test_a_redirect_that_keeps_the_post_is_followed(web: Server, parcel: Parcel) -> None:
    web.answers["/moved"] = lambda to: to.give(308, Location="/hook")
    webhook()(here(web)).send(hook(parcel, web.url("/moved")), SECONDS)
    assert [path for path, _, _ in web.told] == ["/moved", "/hook"]
    assert web.told[0][2] == web.told[1][2]


@pytest.mark.parametrize("shape", ["http://127.0.0.1:{}/hook", "http://[::ffff:127.0.0.1]:{}/x"])
def test_a_redirect_to_a_private_address_is_not_followed(
    web: Server, parcel: Parcel, shape: str
) -> None:
    with serving() as inner:
        target = shape.format(inner.server_port)
        web.answers["/moved"] = lambda to: to.give(307, Location=target)
        error = fault(webhook()(here(web)), hook(parcel, web.url("/moved")))
        assert isinstance(error, DeliveryRefused) and inner.told == []


def test_redirects_in_a_circle_end(web: Server, parcel: Parcel) -> None:
    web.answers["/moved"] = lambda to: to.give(307, Location="/moved")
    assert "too many" in str(fault(webhook()(here(web)), hook(parcel, web.url("/moved"))))
    assert len(web.told) == 4


def test_a_connections_header_goes_to_its_own_server_alone(web: Server, parcel: Parcel) -> None:
    with serving() as other:
        other.answers["/hook"] = lambda to: to.give(204)
        url = other.url("/hook")
        web.answers["/moved"] = lambda to: to.give(307, Location=url)
        own = hook(parcel, web.url("/moved"), authorization="Bearer x")
        error = fault(webhook()(here(web, other.server_port)), own)
        assert isinstance(error, DeliveryRefused) and other.told == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://93.184.216.34/hook", "https"), ("https://127.0.0.1/hook", "not public"),
        ("https://169.254.169.254/hook", "not public"), ("https://2130706433/", "not public"),
        ("https://[::1]/", "not public"), ("https://93.184.216.34:8443/", "port 8443"),
        ("https://u:p@93.184.216.34/", "credentials"),
    ],
)  # fmt: skip
def test_where_webhooks_may_not_go(parcel: Parcel, url: str, words: str) -> None:
    error = fault(webhook()(frozenset()), hook(parcel, url))
    assert isinstance(error, DeliveryRefused) and words in str(error)


def test_an_address_that_changes_after_it_was_checked_is_not_called(parcel: Parcel) -> None:
    """It is resolved once, and called by number."""
    answers = iter([["127.0.0.1"], ["93.184.216.34"]])
    dialling = Dialling(resolver=lambda host, port: next(answers))
    sender = Webhook(Posting(dialling, ssl.create_default_context()), lambda: b"s")
    assert "not public" in str(fault(sender, hook(parcel, "https://rebinding.example/")))


def test_a_webhook_is_told_over_tls_and_no_other_certificate_will_do(
    web: Server, parcel: Parcel, tmp_path: Path
) -> None:
    certificate = self_signed(tmp_path, "127.0.0.1")
    secured(web, certificate)
    url = web.url("/hook").replace("http:", "https:")
    webhook(trusting(certificate))(here(web)).send(hook(parcel, url), SECONDS)
    assert len(web.told) == 1
    assert "TLS: self-signed" in str(fault(webhook()(here(web)), hook(parcel, url)))


LETTER = {
    "to": "ann@example.com, bob@example.com",
    "from": "me@example.com",
    "subject": "Für dich",
    "message": "https://m.example/é",
}


def mail(box: receivers.Mailbox, certificate: Path, password: str = PASSWORD) -> Smtp:
    server = SmtpServer("127.0.0.1", box.port, False, USER, password)
    return Smtp(server, "Movies <movies@example.com>", trusting(certificate))


def test_a_letter_arrives(parcel: Parcel, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path, "127.0.0.1")
    with receivers.smtp(certificate) as box:
        mail(box, certificate).send(replace(parcel, settings=LETTER), SECONDS)
        [(sender, to, text)] = box.letters
    letter = message_from_bytes(text.encode(), policy=default)
    assert sender == "movies@example.com" and to == ["ann@example.com", "bob@example.com"]
    assert letter["Subject"] == "Für dich" and letter["Reply-To"] == "me@example.com"
    assert letter["From"] == "Movies <movies@example.com>"
    assert letter["X-Resplice-Delivery"] == "p1-1"
    assert letter.get_content().strip() == "https://m.example/é"  # type: ignore[attr-defined]


def test_what_a_mail_server_refuses(parcel: Parcel, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path, "127.0.0.1")
    own = replace(parcel, settings={**LETTER, "to": "ann@example.com"})
    with receivers.smtp(certificate) as box:
        assert isinstance(fault(mail(box, certificate, "wr0ng"), own), DeliveryFailed)
        box.refused.add("ann@example.com")
        refused = fault(mail(box, certificate), own)
        assert isinstance(refused, DeliveryRefused) and "550" in str(refused) and not box.letters
    assert isinstance(fault(mail(box, certificate), own), DeliveryFailed)
    with receivers.silent() as box.port:
        assert "timed out" in str(fault(mail(box, certificate), own, 0.3))


def test_a_letter_by_ses(parcel: Parcel) -> None:
    client = cloud.client("sesv2")
    client.create_email_identity(EmailIdentity="movies@example.com")
    Ses(client, "movies@example.com").send(replace(parcel, settings=LETTER), SECONDS)
    error = fault(Ses(client, "nobody@example.org"), replace(parcel, settings=LETTER))
    assert isinstance(error, DeliveryRefused) and "MessageRejected" in str(error)


def test_where_nobody_sends_mail_it_is_said_what_to_do(parcel: Parcel) -> None:
    error = fault(NoMail("set RESPLICE_SMTP_URL"), parcel)
    assert isinstance(error, DeliveryRefused) and "RESPLICE_SMTP_URL" in str(error)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://h", SmtpServer("h", 25, False, "", "")),
        ("smtps://a%40b.c:p%2F@h", SmtpServer("h", 465, True, "a@b.c", "p/")),
        ("smtp://h:587", SmtpServer("h", 587, False, "", "")),
    ],
)
def test_the_url_of_a_mail_server_is_read(url: str, server: SmtpServer) -> None:
    assert SmtpServer.parse(url) == server and "p/" not in repr(server)


@pytest.mark.parametrize("url", ["http://h", "smtp://", "smtp://h:x", "h"])
def test_another_url_is_told(url: str) -> None:
    with pytest.raises(RespliceError, match="RESPLICE_SMTP_URL"):
        SmtpServer.parse(url)
