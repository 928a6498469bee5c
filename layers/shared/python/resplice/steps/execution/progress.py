"""Progress: reports to a watcher how a run goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from resplice.core.report import Result
from resplice.errors import StorageError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.projects import TERMINAL

WRITE_EVERY_MS = 1_000
LOOK_EVERY_MS = 1_000


@frozen
class SegmentState:
    """What a watcher of a run knows of a piece of video. result: hit, miss or bypass."""

    key: str
    frames: int
    result: Result


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


class CountedFrames(Unwatched):
    """Counts the frames of a project that one process makes, and writes them when it is told to.

    Progress that cannot be written is no reason to fail.
    """

    def __init__(self, project_id: str, ports: Ports) -> None:
        self.project_id, self.ports = project_id, ports
        self._lock = threading.Lock()
        self._done, self._written = dict[str, int](), 0

    def planned(self, segments: Sequence[SegmentState]) -> None:
        todo = {each.key: each.frames for each in segments if each.result != "hit"}
        with suppress(StorageError):
            self.ports.progress.plan(self.project_id, sum(todo.values()))

    def frames(self, key: str, done: int) -> None:
        with self._lock:
            self._done[key] = max(done, self._done.get(key, 0))

    def write(self) -> None:
        """All that is new."""
        with self._lock, suppress(StorageError):
            done = sum(self._done.values())
            if done > self._written:
                self.ports.progress.add(self.project_id, done - self._written)
                self._written = done


class ProjectProgress(CountedFrames):
    """Writes the progress of a run once a second at most, or only when it is told to, and ends one
    that nobody wants any more.

    stopping: whether to drop the work as soon as can be. Then, and when the project has ended
    already, as one does that is cancelled, Stopped is raised into the run.
    """

    def __init__(
        self,
        project_id: str,
        ports: Ports,
        stopping: Callable[[], bool],
        write_every_ms: float = WRITE_EVERY_MS,
    ) -> None:
        super().__init__(project_id, ports)
        self._stopping, self._ended = stopping, False
        self._write_every_ms = write_every_ms
        self._looked_at_ms = self._wrote_at_ms = 0

    def made(self) -> None:
        self._check()

    def planned(self, segments: Sequence[SegmentState]) -> None:
        self._check()
        super().planned(segments)

    def frames(self, key: str, done: int) -> None:
        self._check()
        super().frames(key, done)
        now_ms = self.ports.clock.now_ms()
        if abs(now_ms - self._wrote_at_ms) >= self._write_every_ms:
            self._wrote_at_ms = now_ms
            self.write()

    def joining(self) -> None:
        self._check()
        self.write()

    def _check(self) -> None:
        if self._stopping() or self._has_ended():
            raise Stopped

    def _has_ended(self) -> bool:
        """Looks once a second at most."""
        now_ms = self.ports.clock.now_ms()
        if not self._ended and abs(now_ms - self._looked_at_ms) >= LOOK_EVERY_MS:
            self._looked_at_ms = now_ms
            with suppress(StorageError):
                project = self.ports.projects.peek(self.project_id)
                self._ended = bool(project and project.status in TERMINAL)
        return self._ended
