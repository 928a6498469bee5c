"""A trace that viewers of performance open: Perfetto, chrome://tracing, speedscope.

Trace Event Format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
A row for each thread, and above them how many processors were busy, whoever kept them so.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

SAMPLED_EVERY_S = 0.05
PROCESSORS = Path("/proc/stat")
"""Of Linux; elsewhere nothing is told of processors."""
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class TraceEvents:
    """Implements ports.trace.Trace. What it hears is held until it is asked for."""

    def __init__(self) -> None:
        self._events, self._begun_ns = list[dict[str, Any]](), time.perf_counter_ns()
        self._ended = threading.Event()
        self._sampling = threading.Thread(target=self._sample, daemon=True, name="trace")

    @contextmanager
    def span(self, what: str, kind: str) -> Iterator[None]:
        begin_us = self._now_us()
        try:
            yield
        finally:
            thread = threading.current_thread()
            self._tell(thread.native_id or 0, "M", "thread_name", args={"name": thread.name})
            took_us = self._now_us() - begin_us
            own = {"cat": kind, "ts": begin_us, "dur": took_us}
            self._tell(thread.native_id or 0, "X", what, **own)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """While this lasts, processors are watched."""
        self._sampling.start()
        try:
            yield
        finally:
            self._ended.set()
            self._sampling.join()

    def text(self) -> str:
        """All of it, as JSON."""
        return json.dumps({"traceEvents": self._events, "displayTimeUnit": "ms"})

    def _sample(self) -> None:
        before, before_us = _busy_s(), self._now_us()
        while before is not None and not self._ended.wait(SAMPLED_EVERY_S):
            busy, now_us = _busy_s(), self._now_us()
            if busy is None:
                return
            cores = round((busy - before) * 1e6 / (now_us - before_us), 2)
            self._tell(0, "C", "processors", ts=before_us, args={"busy": cores})
            before, before_us = busy, now_us

    def _tell(self, thread: int, phase: str, name: str, **more: Any) -> None:
        self._events.append({"ph": phase, "name": name, "pid": os.getpid(), "tid": thread, **more})

    def _now_us(self) -> int:
        return (time.perf_counter_ns() - self._begun_ns) // 1000


def _busy_s() -> float | None:
    """Seconds that all processors together have worked since the machine was started."""
    with suppress(OSError, ValueError):
        user, nice, system, _, _, irq, soft, *_ = map(int, PROCESSORS.read_text().split()[1:9])
        return (user + nice + system + irq + soft) / TICKS_PER_S
    return None
