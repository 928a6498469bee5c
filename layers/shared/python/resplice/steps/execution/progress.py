"""Progress: reports to a watcher how a run goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from resplice.errors import StorageError
from resplice.ports import Ports
from resplice.steps.execution.stages import SegmentState

MESSAGE_EVERY_MS = 1_000


class Watcher(Protocol):
    """Hears how a run goes on. Its methods are called from many threads."""

    def waiting(self) -> None:
        """The same movie is being rendered already."""
        ...

    def made(self) -> None:
        """An element task has ended well."""
        ...

    def planned(self, segments: Sequence[SegmentState]) -> None: ...

    def frames(self, key: str, done: int) -> None:
        """So many frames of a piece are there."""
        ...

    def joining(self) -> None: ...


class Unwatched:
    """A watcher that nobody looks at."""

    def waiting(self) -> None: ...
    def made(self) -> None: ...
    def planned(self, segments: Sequence[SegmentState]) -> None: ...
    def frames(self, key: str, done: int) -> None: ...
    def joining(self) -> None: ...


class Stopped(BaseException):
    """Thrown into a run to end it; no handler of errors may take it for one."""


class ProjectProgress(Unwatched):
    """Writes the progress of a run into its project, once a second at most, never backwards.

    stopping: whether to drop the work as soon as can be; then Stopped is raised into it.
    """

    def __init__(self, project_id: str, ports: Ports, stopping: Callable[[], bool]) -> None:
        self._project_id, self._ports, self._stopping = project_id, ports, stopping
        self._lock = threading.Lock()
        self._frames, self._done = 0, dict[str, int]()
        self._percent, self._written_at_ms = 0, 0

    def made(self) -> None:
        self._check()

    def planned(self, segments: Sequence[SegmentState]) -> None:
        self._check()
        todo = {each.key: each.frames for each in segments if each.result != "hit"}
        self._frames = sum(todo.values())

    def frames(self, key: str, done: int) -> None:
        self._check()
        with self._lock:
            self._done[key] = max(done, self._done.get(key, 0))
            percent = sum(self._done.values()) * 100 // max(1, self._frames)
            self._percent = max(self._percent, min(99, percent))
            if abs(self._ports.clock.now_ms() - self._written_at_ms) >= MESSAGE_EVERY_MS:
                self._write()

    def joining(self) -> None:
        self._check()

    def _check(self) -> None:
        if self._stopping():
            raise Stopped

    def _write(self) -> None:
        """Progress that cannot be written is no reason to fail."""
        self._written_at_ms = self._ports.clock.now_ms()
        with suppress(StorageError):
            self._ports.projects.advance(self._project_id, f"Rendering {self._percent}%")
