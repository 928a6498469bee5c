"""Requests to providers: what is told of a refusal, what is asked again and what never, and that
no key gets out.
"""

from __future__ import annotations

import json
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from provider_servers import speaking
from provider_servers.speaking import Fault, Handler, SpeakingServer, giving, refusing
from resplice.adapters.providers import handshake, http
from resplice.adapters.providers.http import Asking
from resplice.adapters.providers.secrecy import without
from resplice.errors import ProviderBusy, ProviderError, ProviderLost, ProviderRefused

KEY = "sk-proj-9fQ7xT2mVwLcR4bZ8nHsYk3D"
HEADERS = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def server() -> Iterator[SpeakingServer]:
    with SpeakingServer() as server:
        yield server


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def asking(slept: list[float]) -> Asking:
    return Asking("Acme", read_s=20, sleep=slept.append)


@pytest.fixture
def hasty(slept: list[float]) -> Asking:
    return Asking("Acme", read_s=0.7, sleep=slept.append)


def ask(asking: Asking, server: SpeakingServer, *faults: Fault, **more: Any) -> http.Answer:
    server.faults.extend(faults)
    return asking("POST", server.url("/v1/say?signed=s3cr3t"), headers=HEADERS, **more)


def failed(asking: Asking, server: SpeakingServer, *faults: Fault, **more: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        ask(asking, server, *faults, **more)
    assert caught.value.provider == "Acme"
    assert "\n" not in str(caught.value)
    return caught.value


def test_an_answer_is_whole_with_its_headers_and_what_was_sent_is_sent(
    asking: Asking, server: SpeakingServer
) -> None:
    answer = ask(asking, server, giving(b'{"a": 1}', X_Cost="7"), body=b"said")
    assert (answer.status, answer.json("Acme"), answer.headers["x-cost"]) == (200, {"a": 1}, "7")
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/v1/say?signed=s3cr3t", b"said")
    assert asked.headers["authorization"] == f"Bearer {KEY}"


def test_connections_are_used_again(asking: Asking, server: SpeakingServer) -> None:
    for _ in range(3):
        ask(asking, server, giving(b"{}"))
    failed(asking, server, refusing(400, {}))
    ask(asking, server, giving(b"{}"))
    assert server.connections == 1


@pytest.mark.parametrize("status", [302, 400, 401, 402, 403, 404, 409, 413, 415, 422, 451])
def test_it_says_no_once_and_with_its_own_reason(
    asking: Asking, server: SpeakingServer, status: int
) -> None:
    error = failed(asking, server, refusing(status, {"error": {"message": "not so"}}))
    assert type(error) is ProviderRefused
    assert (error.reason, len(server.asked)) == (f"{status} not so", 1)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"detail": {"status": "quota_exceeded", "message": "no credits"}}', "no credits"),
        (b'{"detail": [{"loc": ["body"], "msg": "field required"}]}', "field required"),
        (b'{"error": "gone"}', "gone"),
        (b'{"message": "two\\nlines \\u001b[31mred"}', "two lines [31mred"),
        (b"plain words", "plain words"),
        (b"<html><body>Sorry</body></html>", "Forbidden"),
        (b"", "Forbidden"),
        (b"\xff\xfe\x00", ""),
        (b'{"other": 1}', "Forbidden"),
        (b"[" * 60_000, "Forbidden"),
        (b'{"error":' * 900 + b"1" + b"}" * 900, "Forbidden"),
        (b'{"message": "' + b"a" * 5000 + b'"}', "a" * 300),
    ],
)
def test_reasons_are_read_in_all_their_forms(
    asking: Asking, server: SpeakingServer, body: bytes, told: str
) -> None:
    def refuse(to: Handler) -> None:
        to.give(403, body, "application/json")

    reason = failed(asking, server, refuse).reason
    assert reason.removeprefix("403").strip(" \ufffd") == told


@pytest.mark.parametrize("paid", [True, False])
@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 529])
def test_a_busy_provider_is_asked_again(
    asking: Asking, server: SpeakingServer, slept: list[float], status: int, paid: bool
) -> None:
    answer = ask(asking, server, refusing(status, {}), giving(b"made"), paid=paid)
    assert (answer.body, len(server.asked), slept) == (b"made", 2, [0.5])


@pytest.mark.parametrize(
    ("headers", "pauses"),
    [
        ({"Retry_After": "7"}, [7.0]),
        ({"Retry_After": "1.5"}, [1.5]),
        ({"Retry_After": "0"}, [0.5]),
        ({"Retry_After": "-3"}, [0.5]),
        ({"Retry_After": "nan"}, [0.5]),
        ({"Retry_After": "soon"}, [0.5]),
        ({"Retry_After": "Wed, 99 Nonsense"}, [0.5]),
    ],
)
def test_it_is_asked_again_when_it_says(
    asking: Asking,
    server: SpeakingServer,
    slept: list[float],
    headers: dict[str, str],
    pauses: list[float],
) -> None:
    ask(asking, server, refusing(429, {}, **headers), giving(b"made"))
    assert slept == pauses


def test_a_date_counts_from_the_date_of_the_answer(
    asking: Asking, server: SpeakingServer, slept: list[float]
) -> None:
    def later(to: Handler) -> None:
        to.date_time_string = lambda timestamp=None: "Fri, 02 Jan 2026 10:00:00 GMT"  # type: ignore[method-assign]
        to.give_json(503, {}, Retry_After="Fri, 02 Jan 2026 10:00:12 GMT")

    ask(asking, server, later, giving(b"made"))
    assert slept == [12.0]


@pytest.mark.parametrize("wait", ["300", "inf", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_a_long_wait_is_left_to_who_asked(
    asking: Asking, server: SpeakingServer, slept: list[float], wait: str
) -> None:
    error = failed(asking, server, refusing(429, {"error": "later"}, Retry_After=wait))
    assert type(error) is ProviderBusy and error.retry
    assert (error.reason, len(server.asked), slept) == ("429 later", 1, [])


def test_who_is_busy_for_ever_is_given_up(
    asking: Asking, server: SpeakingServer, slept: list[float]
) -> None:
    error = failed(asking, server, *[refusing(429, {"error": "busy"})] * 9)
    assert type(error) is ProviderBusy
    assert (len(server.asked), slept) == (4, [0.5, 1.0, 2.0])


def test_who_cannot_be_reached_was_not_paid(asking: Asking, slept: list[float]) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        with pytest.raises(ProviderBusy, match="could not be reached"):
            asking("POST", url, headers={})
    with pytest.raises(ProviderBusy, match="could not be reached"):
        asking("POST", "http://nobody.invalid/", headers={})
    assert len(slept) == 6


FAULTS = [
    speaking.silent,
    speaking.stopping_midway,
    speaking.half,
    speaking.hanging_up,
    refusing(504, {}),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_what_may_have_been_paid_is_not_asked_again(
    hasty: Asking, server: SpeakingServer, slept: list[float], fault: Fault
) -> None:
    error = failed(hasty, server, fault)
    assert type(error) is ProviderLost and not error.retry
    assert "may have been paid" in error.reason
    assert (server.count(), slept) == (1, [])


@pytest.mark.parametrize("fault", FAULTS)
def test_what_costs_nothing_may_be_asked_again_later(
    hasty: Asking, server: SpeakingServer, fault: Fault
) -> None:
    assert type(failed(hasty, server, fault, paid=False)) is ProviderBusy


def test_a_body_may_not_drip_for_ever(server: SpeakingServer) -> None:
    error = failed(Asking("Acme", whole_s=0.3), server, speaking.dripping)
    assert type(error) is ProviderLost


def test_the_head_of_an_answer_may_not_drip_for_ever(
    server: SpeakingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handshake, "HEAD_SECONDS", 0)

    def dripping_head(to: Handler) -> None:
        to.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drips: ")
        for _ in range(1000):
            if to.server.ending.wait(0.02):
                return
            to.wfile.write(b"x")
        server.characters = 1

    def going_on(to: Handler) -> None:
        while not to.server.ending.wait(0.02):
            to.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    for fault in (dripping_head, going_on):
        assert type(failed(Asking("Acme", read_s=0.5), server, fault)) is ProviderLost
    assert server.characters == 0


def test_a_long_request_may_take_longer_than_a_connection(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "CONNECT_SECONDS", 0.5)
    body = bytes(8_000_000)
    with slowly_taken(len(body), 0.01) as url:
        assert asking("POST", url, headers={}, body=body).body == b"{}"


def test_what_was_not_sent_whole_was_not_paid(
    asking: Asking, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handshake, "SENDING_SECONDS", 0)
    monkeypatch.setattr(handshake, "LEAST_BYTES_A_SECOND", 80_000_000)
    with slowly_taken(8_000_000, 0.01) as url, pytest.raises(ProviderBusy):
        asking("POST", url, headers={}, body=bytes(8_000_000))
    assert len(slept) == 3


@contextmanager
def slowly_taken(size: int, pause_s: float) -> Iterator[str]:
    """A server that reads a request of that size, 64 KiB at a time."""
    ending = threading.Event()

    def take(place: socket.socket) -> None:
        with suppress(OSError):
            while not ending.is_set():
                with place.accept()[0] as taken:
                    left = size
                    while left > 0 and (piece := taken.recv(1 << 16)):
                        left -= len(piece)
                        ending.wait(pause_s)
                    if left <= 0:
                        taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        place.bind(("127.0.0.1", 0))
        place.listen()
        taking = threading.Thread(target=take, args=(place,), daemon=True)
        taking.start()
        yield f"http://127.0.0.1:{place.getsockname()[1]}/"
        ending.set()
        place.shutdown(socket.SHUT_RDWR)
        taking.join(10)


def test_a_body_without_an_end_is_not_taken_for_whole_when_it_is_cut_off(
    server: SpeakingServer,
) -> None:
    def endless(to: Handler) -> None:
        to.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nRIFF")
        speaking.silent(to)

    error = failed(Asking("Acme", whole_s=0.3), server, endless)
    assert type(error) is ProviderLost


def test_a_body_is_bounded(
    asking: Asking, server: SpeakingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MAX_ANSWER_BYTES", 100_000)
    assert type(failed(asking, server, giving(bytes(100_001)))) is ProviderLost
    assert len(ask(asking, server, giving(bytes(100_000))).body) == 100_000


MANY = b"[" + b"[]," * 6_000_000 + b"[]]"


@pytest.mark.parametrize(
    "body", [b"{", b"", b"\xff", b"[" * 100_000, MANY], ids=lambda each: len(each)
)
def test_what_is_no_json_is_lost(asking: Asking, server: SpeakingServer, body: bytes) -> None:
    with pytest.raises(ProviderLost, match="Acme: its answer is no JSON"):
        ask(asking, server, giving(body)).json("Acme")


def test_nobody_leads_a_key_elsewhere(
    asking: Asking, server: SpeakingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SpeakingServer() as other:
        other.faults.extend([giving(b"stolen")] * 3)
        for status in (302, 307):
            error = failed(asking, server, refusing(status, {}, Location=other.url("/")))
            assert type(error) is ProviderRefused
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, other.url())
        assert ask(asking, server, giving(b"made")).body == b"made"
        assert other.asked == []


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "api.acme.com/v1", "http://", "http://[x"]
)
def test_an_endpoint_that_is_no_address_is_refused(asking: Asking, url: str) -> None:
    with pytest.raises(ProviderRefused, match="endpoint is no"):
        asking("POST", url, headers=HEADERS)


def test_a_key_is_told_to_nobody_who_has_no_good_certificate(
    asking: Asking, server: SpeakingServer, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path / "certificate.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with pytest.raises(ProviderRefused, match="its certificate is not good"):
        asking("POST", server.url().replace("http:", "https:"), headers=HEADERS)
    assert server.asked == []


def test_nothing_is_paid_while_tls_is_agreed_upon(
    asking: Asking, server: SpeakingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ProviderBusy, match="could not be reached"):
        asking("POST", server.url().replace("http:", "https:"), headers=HEADERS)
    monkeypatch.setattr(http, "CONNECT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(ProviderBusy):
        asking("POST", f"https://127.0.0.1:{mute.getsockname()[1]}", headers=HEADERS)
    assert server.asked == []


def self_signed(path: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "acme.test")])
    now, day = datetime.now(UTC), timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    path.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, *form))
    return path


@pytest.mark.parametrize("key", [f"{KEY}\nX-Other: 1", f"{KEY}é", f"{KEY}\x00", f"{KEY}\u2028"])
def test_a_key_that_fits_in_no_header_is_not_told(
    asking: Asking, server: SpeakingServer, key: str
) -> None:
    with pytest.raises(ProviderRefused, match="characters that no key has") as caught:
        asking("POST", server.url(), headers={"xi-api-key": key})
    assert KEY not in repr(caught.value) and server.asked == []


@pytest.mark.parametrize(
    "echo",
    [
        f"Incorrect API key provided: {KEY}.",
        f"Incorrect API key provided: {KEY[:12]}***",
        f"no such key {KEY.upper()}",
        f"Bearer {KEY} {KEY} is not valid",
        f"ends in {KEY[-10:]}",
        "x" * 290 + KEY,
    ],
)
def test_a_key_that_the_provider_echoes_is_masked(
    asking: Asking, server: SpeakingServer, caplog: pytest.LogCaptureFixture, echo: str
) -> None:
    caplog.set_level(logging.DEBUG)
    told = refusing(401, {"error": {"message": echo}})
    error = failed(asking, server, told)
    busy = failed(asking, server, *[refusing(429, {"error": echo})] * 4)
    everything = f"{error} {error!r} {busy} {caplog.text} {asking!r}".lower()
    assert not any(piece.lower() in everything for piece in pieces_of(KEY))
    assert "s3cr3t" not in caplog.text
    assert "***" in error.reason


def test_what_it_is_given_to_hide_is_hidden_too(server: SpeakingServer) -> None:
    asking = Asking("Acme", hidden=("hunter2hunter2", "tiny"))
    error = failed(asking, server, refusing(400, {"error": "hunter2hunter2 or tiny or else"}))
    assert error.reason == "400 *** or *** or else"
    assert "hunter2" not in repr(asking)


def test_logs_of_urllib3_have_no_addresses(
    asking: Asking, server: SpeakingServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def broken_headers(to: Handler) -> None:
        to.wfile.write(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\nnonsense\r\n\r\n{}"
        )
        to.close_connection = True

    server.faults.extend([broken_headers, giving(b"{}")])
    for _ in range(2):
        asking("GET", server.url("/?signed=s3cr3t"), headers=HEADERS, paid=False)
    assert "s3cr3t" not in caplog.text and KEY not in caplog.text


def pieces_of(secret: str) -> list[str]:
    return [secret[at : at + 8] for at in range(len(secret) - 7)]


def test_a_masked_text_keeps_the_rest() -> None:
    assert without("key abcdefghij is bad", ["abcdefghij"]) == "key *** is bad"
    assert (
        without("abcdefg is too little to tell", ["abcdefghij"]) == "abcdefg is too little to tell"
    )
    assert without(json.dumps({"k": "12345"}), ["12345"]) == '{"k": "***"}'
    assert without("nothing to hide", ["", "abcdefghij"]) == "nothing to hide"
