"""A server of our own: `resplice serve` as a child, for as long as somebody needs it."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import field

from resplice.adapters.processes.leash import leash
from resplice.errors import RespliceError
from resplice.frozen import frozen

ADDRESS = re.compile(r"(http://[\d.]+:\d+)/v2")
GRACE_SECONDS = 10.0


@frozen
class OwnServer:
    """base_url: without /v2. key: a new one, which it is asked for."""

    base_url: str
    key: str = field(repr=False)


@contextmanager
def own_server(options: Sequence[str]) -> Iterator[OwnServer]:
    """options: of `resplice serve`. It ends with the context, and with this program.

    Raises RespliceError when it does not start; it has said why on standard error.
    """
    key = secrets.token_urlsafe(30)
    held, kept = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "resplice", "serve", "--port", "0", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        pass_fds=(held,),
        env={**os.environ, "RESPLICE_API_KEY": key, "RESPLICE_PUBLIC_URL": ""},
        text=True,
    )
    leash(process.pid, held, signal.SIGTERM)
    try:
        with process:
            try:
                yield OwnServer(_address(process), key)
            finally:
                _end(process)
    finally:
        os.close(held)
        os.close(kept)


def _address(process: subprocess.Popen[str]) -> str:
    """What it says first is where it is."""
    found = ADDRESS.search(process.stdout.readline()) if process.stdout else None
    if not found:
        raise RespliceError("`resplice serve` did not start")
    return found[1]


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_SECONDS)
    process.kill()
