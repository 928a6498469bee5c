"""The workflow on one machine: each project in a thread of its own, up to a number of them.

Nothing here is remembered: what was not finished is among the projects, and `resume` takes it up.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

MAX_THREADS = 200
"""Most threads wait: for an equal movie, for a download, for a core."""

log = logging.getLogger(__name__)


class LocalWorkflow:
    """Implements ports.executions.Workflow. play takes a project to its end."""

    def __init__(self, play: Callable[[str], None], most_threads: int = MAX_THREADS) -> None:
        self._play, self._most_threads = play, most_threads
        self._lock = threading.Lock()
        self._waiting: deque[str] = deque()
        self._threads: set[threading.Thread] = set()
        self._stopped = False

    def start(self, project_id: str, movie_key: str | None = None) -> None:
        """Equal movies find each other when they run."""
        with self._lock:
            if self._stopped:
                return
            self._waiting.append(project_id)
            if len(self._threads) < self._most_threads:
                thread = threading.Thread(target=self._work, name="project", daemon=True)
                thread.start()
                self._threads.add(thread)

    def resume(self, project_ids: Iterable[str]) -> None:
        for project_id in project_ids:
            self.start(project_id)

    def stop(self, timeout_s: float) -> bool:
        """Begin nothing more and wait for what runs; whether all of it ended in time."""
        deadline_s = time.monotonic() + timeout_s
        with self._lock:
            self._stopped = True
            self._waiting.clear()
            running = list(self._threads)
        for thread in running:
            thread.join(max(0.0, deadline_s - time.monotonic()))
        return not any(thread.is_alive() for thread in running)

    def _work(self) -> None:
        while project_id := self._next():
            try:
                self._play(project_id)
            except Exception:
                log.exception("project %s stays unfinished until the next start", project_id)

    def _next(self) -> str | None:
        """The next project, or None: then this thread no longer counts."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._threads.discard(threading.current_thread())
            return None
