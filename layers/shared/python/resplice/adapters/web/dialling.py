"""Dialling: connections to servers that documents name, whatever is spoken there.

The rules are those of sources: public addresses, checked and then connected to by number, or what
the operator opened.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address

from resplice.adapters.web.checked_addresses import Resolve, checked_addresses, resolve
from resplice.core.addresses import OPENED, AllowedSource, Target
from resplice.errors import DeliveryFailed, DeliveryRefused, SourceError, SourceRefused

CONNECT_SECONDS = 5.0
FIRST_FREE_PORT = 1024


class Dialling:
    """allowed: what the operator opened. usual: ports below 1024 that may be called besides."""

    def __init__(
        self, allowed: frozenset[AllowedSource] = frozenset(), resolver: Resolve = resolve
    ) -> None:
        self.allowed, self._resolve = allowed, resolver

    def target(self, host: str, port: int, usual: tuple[int, ...]) -> Target:
        """Raises DeliveryRefused."""
        name = host.strip().lower().removesuffix(".")
        opened = AllowedSource(name, port) in self.allowed
        if not opened and port < FIRST_FREE_PORT and port not in usual:
            raise DeliveryRefused(f"port {port} is not allowed: {OPENED}")
        return Target("", name, port, "", opened)

    def connect(self, target: Target, seconds: float) -> socket.socket:
        """Raises DeliveryRefused, DeliveryFailed."""
        deadline_s = time.monotonic() + min(CONNECT_SECONDS, seconds)
        for address in self._addresses(target):
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                break
            with suppress(OSError):
                return _connected(address, target.port, left_s)
        raise DeliveryFailed("cannot connect")

    def _addresses(self, target: Target) -> list[str]:
        try:
            return checked_addresses(target, target.host, self._resolve)
        except SourceRefused as error:
            raise DeliveryRefused(error.reason) from None
        except SourceError as error:
            raise DeliveryFailed(error.reason) from None


def _connected(address: str, port: int, seconds: float) -> socket.socket:
    family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(seconds)
        made.connect((address, port))
    except BaseException:
        made.close()
        raise
    return made


@contextmanager
def hung_up(seconds: float, *socks: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Hang up when the time is over: timeouts are per read, and a byte now and then resets them.
    socks: those that are there by then.
    """

    def hang_up() -> None:
        for sock in filter(None, (each() for each in socks)):
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    watch = threading.Timer(max(0.0, seconds), hang_up)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def fault_of(error: BaseException) -> str:
    """A fault of the network in a few words. It never quotes the other side."""
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return "timed out"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return "TLS failed"
    if isinstance(error, ConnectionRefusedError):
        return "cannot connect"
    return "the connection broke"
