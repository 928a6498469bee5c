"""Executions on one machine: each project in a thread of its own, up to a number of them.

Owners take turns, and none of them ever has all the threads. Nothing here is remembered: what was
not finished is in the records.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Future

from resplice.adapters.threads.fair_pool import FairPool

MAX_THREADS = 200
"""Most threads wait: for a download, for a core."""

log = logging.getLogger(__name__)


class ThreadExecutions:
    """Implements ports.executions.Executions. execute takes a project to its end. owner_of: whose
    project it is.
    """

    def __init__(
        self,
        execute: Callable[[str], object],
        owner_of: Callable[[str], str],
        max_threads: int = MAX_THREADS,
    ) -> None:
        self._execute, self._owner_of = execute, owner_of
        self._pool = FairPool(max_threads, "project", keeps_room=True)
        self._lock = threading.Lock()
        self._going_on: dict[str, Future[None]] = {}
        self._stopped = False

    def start(self, project_id: str) -> bool:
        """Begin, unless it runs or waits for a thread already. It is never known to have ended:
        one that ended without a result may be begun again.
        """
        with self._lock:
            if not self._stopped and project_id not in self._going_on:
                share = self._pool.share(self._owner_of(project_id))
                self._going_on[project_id] = share.submit(self._run, project_id)
        return True

    def cancel(self, project_id: str) -> None:
        """Forget it if it waits for a thread; one that runs sees by itself that it has ended."""
        with self._lock:
            waiting = self._going_on.get(project_id)
            if waiting and waiting.cancel():
                del self._going_on[project_id]

    def going_on(self) -> frozenset[str]:
        """Those that run, or wait for a thread."""
        with self._lock:
            return frozenset(self._going_on)

    def stop(self, timeout_s: float) -> bool:
        """Begin nothing more and wait for what runs; whether all of it ended in time."""
        with self._lock:
            self._stopped = True
            running = list(self._going_on.values())
        self._pool.shutdown()
        return not futures.wait(running, timeout_s).not_done

    def _run(self, project_id: str) -> None:
        try:
            self._execute(project_id)
        except Exception:
            log.exception("project %s stays unfinished until it is taken up again", project_id)
        finally:
            with self._lock:
                del self._going_on[project_id]
