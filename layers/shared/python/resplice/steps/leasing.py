"""Leases that are held while work is done, and work that is done by one at a time over all runs."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from resplice.errors import StorageError
from resplice.ports import Ports
from resplice.ports.leases import Lease

RENEWALS_PER_LEASE = 4
ALONE_MS = 20_000
"""How long a process that died keeps others from what only one may do."""
POLL_SECONDS = 0.2

T = TypeVar("T")


@contextmanager
def renewed(key: str, holder: str, lease_ms: int, ports: Ports) -> Iterator[None]:
    """Renew the holder's lease while the work is done."""

    def renew() -> None:
        lease = _own(key, holder, ports)
        if lease:
            ports.leases.renew(lease, ports.clock.now_ms(), lease_ms)

    with repeated(renew, lease_ms / RENEWALS_PER_LEASE / 1000):
        yield


@contextmanager
def repeated(hold: Callable[[], object], pause_s: float) -> Iterator[None]:
    """Call it again and again while the work is done; one StorageError is not the end of it."""
    done = threading.Event()

    def hold_on() -> None:
        while not done.wait(pause_s):
            with suppress(StorageError):
                hold()

    thread = threading.Thread(target=hold_on, name="hold", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def alone(
    key: str,
    find: Callable[[], T | None],
    make: Callable[[], T],
    ports: Ports,
    check: Callable[[], object] = lambda: None,
) -> T:
    """What find gives; else what make gives, which is called by one at a time for the key: whoever
    comes meanwhile waits, and finds what was made.

    check: raises when there is no time to go on; asked before each look.
    Raises StorageError, and what make and check raise.
    """
    holder, pause = uuid.uuid4().hex, threading.Event()
    while True:
        check()
        lease = ports.leases.claim(key, holder, ports.clock.now_ms(), ALONE_MS)
        try:
            found = find()
            if found is not None:
                return found
            if lease:
                with renewed(key, holder, ALONE_MS, ports):
                    return make()
        finally:
            if lease:
                _give_up(key, holder, ports)
        pause.wait(POLL_SECONDS)


@contextmanager
def free(key: str, ports: Ports) -> Iterator[bool]:
    """Whether nobody does the work of the key; then nobody else does until it is done. Raises
    StorageError.
    """
    holder = uuid.uuid4().hex
    if not ports.leases.claim(key, holder, ports.clock.now_ms(), ALONE_MS):
        yield False
        return
    try:
        with renewed(key, holder, ALONE_MS, ports):
            yield True
    finally:
        with suppress(StorageError):  # It ends by itself, and the work is done.
            _give_up(key, holder, ports)


def _give_up(key: str, holder: str, ports: Ports) -> None:
    lease = _own(key, holder, ports)
    if lease:
        ports.leases.release(lease)


def _own(key: str, holder: str, ports: Ports) -> Lease | None:
    lease = ports.leases.held(key)
    return lease if lease and lease.holder == holder else None
