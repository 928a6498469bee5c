"""A trace of what a command does, for viewers of performance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from resplice.adapters.trace_events import TraceEvents
from resplice.ports.trace import Trace


@contextmanager
def recorded(write: Callable[[str], None]) -> Iterator[Trace]:
    """What is done in the context is written at its end, however it ends."""
    trace = TraceEvents()
    try:
        with trace.recording():
            yield trace
    finally:
        write(trace.text())
