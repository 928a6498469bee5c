"""When what is kept for the next one has had nothing to do for a while: it may hold much memory."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Idle:
    """Calls `end`, once nobody has used it for idle_s. Safe to use from many threads.

    A use that begins meanwhile waits until that is done. idle_s: inf for never.
    """

    def __init__(self, idle_s: float, end: Callable[[], None]) -> None:
        self._idle_s, self._end = idle_s, end
        self._lock = threading.Lock()
        self._uses, self._users = 0, 0
        self._timer = threading.Timer(0, lambda: None)

    @contextmanager
    def used(self) -> Iterator[None]:
        """While this lasts it is not idle."""
        with self._lock:
            self._timer.cancel()
            self._uses, self._users = self._uses + 1, self._users + 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._wait()

    def cancel(self) -> None:
        """Until it is used again."""
        with self._lock:
            self._timer.cancel()

    def _wait(self) -> None:
        """One timer at a time: each is a thread."""
        self._timer.cancel()
        if self._idle_s < math.inf:
            self._timer = threading.Timer(self._idle_s, self._over, [self._uses])
            self._timer.daemon = True
            self._timer.start()

    def _over(self, uses: int) -> None:
        with self._lock:
            if uses == self._uses:
                self._end()
