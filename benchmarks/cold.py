"""What the first call in a function's new environment takes and later ones do not: `cold starts`.

Each function of the deployed stack is started in a process that sees its own layers alone, with the
Python that Lambda has where this machine has it, and is called twice with what it refuses at once.
Not in it: how long AWS takes to find a place for it and to bring it code and layers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from resplice.adapters.chromium.packed import unpacked

from benchmarks.billing import cpu_seconds, seconds_at
from infra.local.stack import Stack, running
from infra.rows import ROWS
from infra.synthesis import cdk_out

EVENT = {"project": "0" * 16, "attempt": 0, "round": 0, "index": 0}
"""Of a project that nobody submitted."""
REQUEST = {
    "version": "2.0",
    "rawPath": "/v2/movies",
    "rawQueryString": "project=0000000000000000",
    "headers": {"x-api-key": "nobody's"},
    "requestContext": {
        "http": {"method": "GET", "path": "/v2/movies", "sourceIp": "127.0.0.1"},
        "requestId": "1",
        "stage": "$default",
    },
    "isBase64Encoded": False,
}


@dataclass(frozen=True)
class Start:
    """cpu_s, wall_s: here, with both processors."""

    function: str
    cpu_s: float
    wall_s: float

    def seconds(self) -> float:
        return seconds_at(ROWS[self.function].memory_mb, self.cpu_s, self.wall_s)


ROUNDS = 2


def starts() -> Iterator[Start]:
    """Of each function, in the order of the table: the quickest, which others left alone."""
    with running(cdk_out()) as stack:
        for function in ROWS:
            yield min((_start(stack, function) for _ in range(ROUNDS)), key=Start.seconds)


def _start(stack: Stack, function: str) -> Start:
    begun_s = time.monotonic()
    with closing(stack.environment(function)) as process:
        event = REQUEST if function == "api" else EVENT
        ends = []
        for number in ("1", "2"):
            process.answer(number, event)
            ends.append((cpu_seconds(process.pid), time.monotonic() - begun_s))
        first, second = ends
        cpu_s, wall_s = (2 * one - two for one, two in zip(first, second, strict=True))
        browser = process.function.opt / "chromium"
        if browser.exists():
            with TemporaryDirectory() as into:
                more = _measured(lambda: unpacked(browser, Path(into)))
            cpu_s, wall_s = cpu_s + more[0], wall_s + more[1]
    return Start(function, cpu_s, wall_s)


def _measured(work: Callable[[], Any]) -> tuple[float, float]:
    cpu_s, wall_s = time.process_time(), time.monotonic()
    work()
    return time.process_time() - cpu_s, time.monotonic() - wall_s
