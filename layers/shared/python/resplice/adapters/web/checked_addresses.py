"""Addresses of hosts that strangers name: resolved once, all of them judged, and then connected to
by number, so that no second answer of a name server counts.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

from resplice.core.addresses import OPENED, Target, is_public
from resplice.errors import SourceMissing, SourceRefused, SourceUnavailable

Resolve = Callable[[str, int], list[str]]

_MAX_ADDRESSES = 4


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, also of one written as a number in any spelling."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def checked_addresses(target: Target, named: str, resolver: Resolve = resolve) -> list[str]:
    """Those that may be connected to. named: as errors call it.

    Raises SourceRefused, SourceMissing, SourceUnavailable.
    """
    try:
        addresses = resolver(target.host, target.port)
    except (socket.gaierror, UnicodeError) as error:
        if getattr(error, "errno", None) == socket.EAI_AGAIN:
            raise SourceUnavailable(named, "the name server does not answer") from error
        raise SourceMissing(named, "host not found") from error
    if not target.opened and not all(map(is_public, addresses)):
        raise SourceRefused(named, f"the address is not public: {OPENED}")
    return addresses[:_MAX_ADDRESSES]
