"""Which addresses may be connected to, and how URLs are taken apart."""

from __future__ import annotations

import socket

import pytest
from resplice.core.addresses import AllowedSource, is_address, is_public, parse_target
from resplice.errors import SourceRefused

NOT_PUBLIC = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:4700::1111%eth0",
    "localhost",
    "1.2.3",
    "0x7f000001",
    "1.2.3.4.5",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450::1"]
)
def test_ordinary_public_addresses_are_taken(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.1",
        "0",
        "127.0.0.1.",
        "⑫⑦.0.0.1",
    ],
)
def test_every_spelling_of_a_number_ends_at_an_address_that_is_refused(host: str) -> None:
    target = parse_target(f"http://{host}/")
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    assert found
    assert not any(is_public(str(address[0])) for *_, address in found)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.com/a", "only http and https are fetched"),
        ("file:///etc/passwd", "only http and https are fetched"),
        ("gopher://example.com", "only http and https are fetched"),
        ("example.com/a.png", "only http and https are fetched"),
        ("//example.com/a.png", "only http and https are fetched"),
        ("http://", "not a valid URL"),
        ("http:///etc/passwd", "not a valid URL"),
        ("http://a..b/", "not a valid URL"),
        ("http://[::1", "not a valid URL"),
        ("http://[fe80::1%25eth0]/", "not a valid URL"),
        ("http://exa mple.com/", "not a valid URL"),
        ("http://example.com\\@127.0.0.1/", "not a valid URL"),
        ("http://example.com/\r\nX: y", "not a valid URL"),
        ("http://example.com:99999/", "not a valid URL"),
        ("http://user:pw@example.com/", "credentials in a URL are not accepted"),
        ("http://8.8.8.8@127.0.0.1/", "credentials in a URL are not accepted"),
        (
            "http://example.com:22/",
            "port 22 is not allowed: on one machine, --allow-source HOST:PORT opens it",
        ),
        (
            "http://example.com:8080/",
            "port 8080 is not allowed: on one machine, --allow-source HOST:PORT opens it",
        ),
        (
            "http://example.com:0/",
            "port 0 is not allowed: on one machine, --allow-source HOST:PORT opens it",
        ),
    ],
)
def test_urls_that_may_not_be_fetched(url: str, reason: str) -> None:
    with pytest.raises(SourceRefused) as caught:
        parse_target(url)
    assert caught.value.reason == reason
    assert caught.value.url == url


def test_a_target_is_ready_to_be_requested() -> None:
    target = parse_target("  HTTPS://Bücher.Example./Größe 1.png?q=ä b&c=%20#part ")
    assert (target.scheme, target.host, target.port) == ("https", "xn--bcher-kva.example", 443)
    assert target.path == "/Gr%C3%B6%C3%9Fe%201.png?q=%C3%A4%20b&c=%20"
    assert target.host_header == "xn--bcher-kva.example"
    assert parse_target("http://[2606:4700::1111]:443").host_header == "[2606:4700::1111]:443"
    assert parse_target("http://example.com").path == "/"


def test_an_allowed_source_opens_exactly_its_host_and_port() -> None:
    allowed = {AllowedSource.parse("LocalHost:9000"), AllowedSource.parse("[::1]:9000")}
    assert parse_target("http://localhost:9000/a", allowed).opened
    assert parse_target("http://LOCALHOST:9000/a", allowed).opened
    assert parse_target("http://[::1]:9000/a", allowed).opened
    assert not parse_target("http://localhost/a", allowed).opened
    assert not parse_target("http://127.0.0.1/a", allowed).opened
    for url in ("http://127.0.0.1:9000/", "http://localhost:9001/", "http://x.localhost:9000/"):
        with pytest.raises(SourceRefused, match="not allowed"):
            parse_target(url, allowed)


@pytest.mark.parametrize("text", ["localhost", "localhost:", ":80", "a:x", "a:0", "a:65536", ""])
def test_an_allowed_source_needs_host_and_port(text: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        AllowedSource.parse(text)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://e.com/a.png", True),
        (" \n https://e.com/a.png\t", True),
        ("DATA:image/png;base64,", True),
        ("file:///a", True),
        ("ftp://e.com", False),
        ("a.png", False),
        ("", False),
    ],
)
def test_an_address_is_of_a_scheme_that_sources_may_have(text: str, is_one: bool) -> None:
    assert is_address(text) is is_one
