"""Where a fetch may go: URLs taken apart, addresses judged.

Pure. It resolves nothing: the caller resolves a host once and asks about every address it got.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, quote, urlsplit

from resplice.errors import SourceRefused
from resplice.frozen import frozen

SCHEMES = ("http", "https", "data", "file")
"""What a source's URL may begin with; a file only where the caller owns the machine."""
DEFAULT_PORTS = {"http": 80, "https": 443}
OPENED = "on one machine, --allow-source HOST:PORT opens it"
"""What who may can do about a refusal."""

# Globally routable by the registry, yet not somewhere a stranger's URL may lead.
_NEVER_V4 = tuple(map(IPv4Network, ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24")))
_PUBLIC_V6 = IPv6Network("2000::/3")
# 2001::/23 holds Teredo, 2002::/16 is 6to4: both carry an IPv4 address of the writer's choice.
_NEVER_V6 = tuple(
    map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "3ffe::/16"))
)

_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_SAFE_IN_PATH = "/%:@!$&'()*+,;=~-._"


def is_address(text: str) -> bool:
    """Whether the text is a URL of a scheme that sources may have, spaces around it or not."""
    scheme, colon, _ = text.strip().partition(":")
    return bool(colon) and scheme.lower() in SCHEMES


@frozen
class AllowedSource:
    """One host and port that the operator opened; its addresses are not checked."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> AllowedSource:
        """Read `HOST:PORT` (`[::1]:80` for IPv6). Raises ValueError."""
        host, _, port = text.strip().rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError(f"not HOST:PORT: {text!r}")
        return cls(host.removeprefix("[").removesuffix("]").lower(), int(port))


@frozen
class Target:
    """A URL ready to be requested.

    host    ASCII, lower-case, without brackets or a trailing dot; for DNS, SNI and the certificate
    path    path and query, percent-encoded, as the request line has them
    opened  whether an AllowedSource names this host and port: its addresses are not checked
    """

    scheme: str
    host: str
    port: int
    path: str
    opened: bool

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def is_public(address: str) -> bool:
    """Whether a numeric address is an ordinary public one. Anything unreadable is not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return _is_public_v4(parsed)
    return _is_public_v6(parsed)


def _is_public_v4(address: IPv4Address) -> bool:
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in _NEVER_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    # Mapped, NAT64, link-local, unique-local, site-local and multicast all lie outside 2000::/3.
    if address.scope_id or address not in _PUBLIC_V6 or not address.is_global:
        return False
    return not any(address in network for network in _NEVER_V6)


def parse_target(url: str, allowed: Collection[AllowedSource] = ()) -> Target:
    """Take a URL apart. Raises SourceRefused for whatever may not be fetched."""
    text = url.strip()
    if not text.lower().startswith(("http://", "https://")):
        raise SourceRefused(url, "only http and https are fetched")
    if _CONTROL.search(text):
        raise SourceRefused(url, "not a valid URL")
    try:
        parts = urlsplit(text)
        port = parts.port
        host = _ascii_host(parts.hostname or "")
    except ValueError:
        raise SourceRefused(url, "not a valid URL") from None
    if "@" in parts.netloc:
        raise SourceRefused(url, "credentials in a URL are not accepted")
    if port is None:
        port = DEFAULT_PORTS[parts.scheme]
    opened = AllowedSource(host, port) in allowed
    if not opened and port not in DEFAULT_PORTS.values():
        raise SourceRefused(url, f"port {port} is not allowed: {OPENED}")
    return Target(parts.scheme, host, port, _request_path(parts), opened)


def _ascii_host(host: str) -> str:
    """The host as DNS has it. Raises ValueError (UnicodeError is one)."""
    if ":" in host:
        return str(IPv6Address(host)) if "%" not in host else _no_host()
    ascii_host = host.encode("idna").decode("ascii").lower().removesuffix(".")
    return ascii_host if re.fullmatch(r"[a-z0-9._-]+", ascii_host) else _no_host()


def _no_host() -> str:
    raise ValueError("not a host name")


def _request_path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=_SAFE_IN_PATH)
    return f"{path}?{quote(parts.query, safe=_SAFE_IN_PATH + '?')}" if parts.query else path
