"""Deaths and double deliveries on order: what a test can ask to happen to a function's next run."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

When = int | Literal["start", "end"]
"""start: before the handler sees the event. A number: when so many of its requests have changed
something on AWS, the last one's answer unread. end: the handler is done, its answer unread."""


@dataclass(frozen=True)
class Fault:
    """What happens to one invocation."""

    kill: When | None = None
    twice: bool = False


NONE = Fault()


@dataclass
class Faults:
    """Orders wait in line, by the function's short name. Safe to use from many threads."""

    _ordered: defaultdict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _countdowns: dict[str, tuple[int, Callable[[], None]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def kill(self, function: str, when: When) -> None:
        """The process of the function's next invocation dies then."""
        self._order(function, Fault(kill=when))

    def duplicate(self, function: str) -> None:
        """The function's next event is delivered twice, one after the other."""
        self._order(function, Fault(twice=True))

    def left(self) -> int:
        """How many orders have not come true: at the end of a test, none should be left."""
        with self._lock:
            return sum(map(len, self._ordered.values())) + len(self._countdowns)

    def _order(self, function: str, fault: Fault) -> None:
        with self._lock:
            self._ordered[function].append(fault)

    def next(self, function: str) -> Fault:
        """Called by the runtime at each invocation."""
        with self._lock:
            waiting = self._ordered[function]
            return waiting.popleft() if waiting else NONE

    def arm(self, process: str, changes: int, kill: Callable[[], None]) -> None:
        """After so many changes that the process makes on AWS, kill it."""
        with self._lock:
            self._countdowns[process] = changes, kill

    def disarm(self, process: str) -> None:
        with self._lock:
            self._countdowns.pop(process, None)

    def changed(self, process: str) -> None:
        """Called by the server when a request of the process has changed something."""
        with self._lock:
            if process not in self._countdowns:
                return
            left, kill = self._countdowns.pop(process)
            if left > 1:
                self._countdowns[process] = left - 1, kill
                return
        kill()
