"""URLs: each is refused, or fetched from where anybody may; never from this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import strategies as st
from resplice.adapters.web.any_source import AnySource
from resplice.adapters.web.fetch import SafeHttp
from resplice.core.share_links import direct_link, service_of
from resplice.errors import shown
from resplice.ports.web import Allowance

from fuzz.placed import Place
from fuzz.target import Opened, Saw, Target

HERE = [
    *("127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "localhost", "[::1]"),
    *(
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[::]",
        "127。0。0。1",
        "①②⑦.0.0.1",
    ),
    *(
        "LOCALHOST.",
        "127.0.0.1.",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "10.0.0.1",
        "[::1%25lo]",
        "[v1.a]",
    ),
]
SCHEMES = [
    "http",
    "https",
    "HTTP",
    "file",
    "data",
    "ftp",
    "gopher",
    "javascript",
    " http",
    "ht\ttp",
]
BEFORE = ["", "u:p@", "drive.google.com@", "@", "drive.google.com\\@", "a:b:c@", "%00@"]
AFTER = [
    "",
    "/",
    "/a?b=c",
    "#@drive.google.com",
    "/file/d/a/view",
    "/../..",
    "\r\nHost: a",
    "\\",
    "%2f",
]
PORTS = ["", ":80", ":443", ":@canary-port@", ":0", ":99999", ":", ":-1", ":８０", ":080"]
URLS = st.builds(
    "{}{}{}{}{}{}".format,
    *(st.sampled_from(SCHEMES), st.sampled_from(["://", ":", ":/", ":///", ":\\\\"])),
    *(st.sampled_from(BEFORE), st.sampled_from(HERE) | st.text(max_size=8)),
    *(st.sampled_from(PORTS), st.sampled_from(AFTER) | st.text(max_size=8)),
)
OTHERS = st.sampled_from(
    ["file://@canary-file@", "FILE:@canary-file@", "data:;base64,QQ==", "data:;base64,A", "data:"]
)


def resolved(host: str, port: int) -> list[str]:
    """No name server is asked: what has letters is nowhere, but for our own name."""
    import socket

    if any(letter.isalpha() for letter in host.lower().replace("x", "").replace("localhost", "")):
        raise socket.gaierror("no such host")
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@contextmanager
def opened(place: Place) -> Iterator[Opened]:
    web = SafeHttp(resolver=resolved)
    source = AnySource(lambda: web, files_allowed=False)

    def check(data: bytes) -> Saw:
        url, into = data.decode("utf-8", "replace"), place.folder / "fetched"
        into.unlink(missing_ok=True)
        said = repr((direct_link(url), service_of(url), shown(url)))
        source.fetch(url, into, None, Allowance(1.0, 1000))
        return Saw(True, said.encode("utf-8", "replace") + into.read_bytes())

    yield (URLS | OTHERS | st.text()).map(lambda url: url.encode(errors="replace")), check


TARGETS = (Target("addresses", opened, limit_s=5, others=True),)
