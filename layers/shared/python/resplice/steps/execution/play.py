"""Finish: a stored project to its end, with its progress told on the way.

Whatever happens, the project ends in a terminal state, unless the program is about to stop: then
it is left as it is, for the next start to take up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from resplice.core.document.strict_json import parse
from resplice.core.pieces import SegmentTask
from resplice.errors import StorageError
from resplice.ports import Ports
from resplice.ports.projects import TERMINAL
from resplice.steps.execution.ending import done, failed, words
from resplice.steps.execution.run import run
from resplice.steps.pipeline.accept import accept
from resplice.steps.pipeline.plan import Planned

MESSAGE_EVERY_MS = 1_000


def play(project_id: str, ports: Ports, stopping: Callable[[], bool] = lambda: False) -> None:
    """Render the project. stopping: whether to drop the work as soon as can be.

    Raises StorageError when the end cannot be recorded.
    """
    project = ports.projects.get(project_id)
    if project is None or project.status in TERMINAL:
        return
    try:
        watcher = _Watcher(project_id, ports, stopping)
        outcome = run(accept(parse(project.document), ports.tools), ports, watcher)
    except _Stopped:
        return
    except Exception as error:
        failed(project_id, "error", words(error, project_id), ports)
    else:
        done(project, outcome, ports)


class _Stopped(BaseException):
    """Thrown into a run to end it; no handler of errors may take it for one."""


class _Watcher:
    """Writes the progress of a run into its project, once a second at most, never backwards."""

    def __init__(self, project_id: str, ports: Ports, stopping: Callable[[], bool]) -> None:
        self._project_id, self._ports, self._stopping = project_id, ports, stopping
        self._lock = threading.Lock()
        self._frames, self._done = 0, dict[str, int]()
        self._percent, self._told_at_ms = 0, 0
        self._tell()

    def waiting(self) -> None:
        self._check()

    def made(self) -> None:
        self._check()

    def planned(self, planned: Planned) -> None:
        self._check()
        tasks = {key: work.task for key, work in planned.misses().items()}
        self._frames = sum(t.frames for t in tasks.values() if isinstance(t, SegmentTask))

    def frames(self, key: str, done: int) -> None:
        self._check()
        with self._lock:
            self._done[key] = max(done, self._done.get(key, 0))
            percent = sum(self._done.values()) * 100 // max(1, self._frames)
            self._percent = max(self._percent, min(99, percent))
            if abs(self._ports.clock.now_ms() - self._told_at_ms) >= MESSAGE_EVERY_MS:
                self._tell()

    def joining(self) -> None:
        self._check()

    def _check(self) -> None:
        if self._stopping():
            raise _Stopped

    def _tell(self) -> None:
        """Progress that cannot be written is no reason to fail."""
        self._told_at_ms = self._ports.clock.now_ms()
        with suppress(StorageError):
            self._ports.projects.advance(self._project_id, f"Rendering {self._percent}%")
