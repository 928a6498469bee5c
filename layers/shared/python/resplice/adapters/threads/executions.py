"""Executions on one machine: each project in a thread of its own, up to a number of them.

Nothing here is remembered: what was not finished is in the records.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

MAX_THREADS = 200
"""Most threads wait: for a download, for a core."""

log = logging.getLogger(__name__)


class ThreadExecutions:
    """Implements ports.executions.Executions. execute takes a project to its end."""

    def __init__(self, execute: Callable[[str], object], max_threads: int = MAX_THREADS) -> None:
        self._execute, self._max_threads = execute, max_threads
        self._lock = threading.Lock()
        self._queue: deque[str] = deque()
        self._going_on: set[str] = set()
        self._threads: set[threading.Thread] = set()
        self._stopped = False

    def start(self, project_id: str) -> bool:
        """Begin, unless it runs or waits for a thread already. It is never known to have ended:
        one that ended without a result may be begun again.
        """
        with self._lock:
            if self._stopped or project_id in self._going_on:
                return True
            self._going_on.add(project_id)
            self._queue.append(project_id)
            if len(self._threads) < self._max_threads:
                thread = threading.Thread(target=self._work, name="project", daemon=True)
                thread.start()
                self._threads.add(thread)
        return True

    def cancel(self, project_id: str) -> None:
        """Forget it if it waits for a thread; one that runs sees by itself that it has ended."""
        with self._lock, suppress(ValueError):
            self._queue.remove(project_id)
            self._going_on.discard(project_id)

    def going_on(self) -> frozenset[str]:
        """Those that run, or wait for a thread."""
        with self._lock:
            return frozenset(self._going_on)

    def stop(self, timeout_s: float) -> bool:
        """Begin nothing more and wait for what runs; whether all of it ended in time."""
        deadline_s = time.monotonic() + timeout_s
        with self._lock:
            self._stopped = True
            self._queue.clear()
            running = list(self._threads)
        for thread in running:
            thread.join(max(0.0, deadline_s - time.monotonic()))
        return not any(thread.is_alive() for thread in running)

    def _work(self) -> None:
        while project_id := self._next():
            try:
                self._execute(project_id)
            except Exception:
                log.exception("project %s stays unfinished until it is taken up again", project_id)
            finally:
                with self._lock:
                    self._going_on.discard(project_id)

    def _next(self) -> str | None:
        """The next project, or None: then this thread no longer counts."""
        with self._lock:
            if self._queue:
                return self._queue.popleft()
            self._threads.discard(threading.current_thread())
            return None
