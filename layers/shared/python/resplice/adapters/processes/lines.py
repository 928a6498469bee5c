"""A program that answers requests: a line of JSON for each, over pipes. It is kept while it lives.

It is started by the first request, behind walls (adapters/confined), and may answer in any order.
One that dies, or does not answer in time, is an error for those who wait; the next request starts
another.
One that has had nothing to do for a while is ended: it may hold half a gigabyte.
"""

from __future__ import annotations

import json
import os
import resource
import secrets
import shutil
import stat
import tempfile
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as OutOfTime
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from resplice.adapters.confined.launching import LAUNCHER_OF_ALL, Confined, Start, Tree
from resplice.adapters.confined.programs import PYTHON
from resplice.adapters.confined.programs import Program as Row
from resplice.adapters.machine import machine
from resplice.adapters.processes.environment import environment
from resplice.adapters.processes.idle import Idle
from resplice.errors import ProviderBusy, ProviderRefused

ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
"""All that the program gets beside what its interpreter needs."""


IDLE_SECONDS = 60.0
MOST_FILE_BYTES = 1 << 30
MOST_LINE_BYTES = 16 << 20
MOST_PROCESSES = 8


class Program:
    """Safe to use from many threads. title: as people call it, in errors."""

    def __init__(
        self,
        title: str,
        command: Sequence[str],
        *,
        row: Row = PYTHON,
        reads: Sequence[str] = (),
        environment: Mapping[str, str] = MappingProxyType({}),
        idle_s: float = IDLE_SECONDS,
    ) -> None:
        """row: of the table of programs. reads: what it may read beside what that says.
        environment: beside what all of them have.
        """
        self.title = title
        self._row, self._reads, self._environment = row, tuple(reads), environment
        self._command, self._idle = tuple(command), Idle(idle_s, self._end)
        self._lock = threading.Lock()
        self._running: _Running | None = None

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return self._running.process.pid if self._running else None

    def ask(
        self, request: Mapping[str, Any], timeout_s: float, into: Path | None = None
    ) -> dict[str, Any]:
        """The answer. into: where the file is laid that the program made `into` a place of its own.

        Raises ProviderRefused when it says `refused`, ProviderBusy when there is no
        answer: it cannot be started, dies, or takes longer than that, and is ended.
        """
        with self._idle.used():
            return self._answered(request, timeout_s, into)

    def close(self) -> None:
        """End the process. Who waits for it is told; the next request starts another."""
        self._idle.cancel()
        self._end()

    def _answered(
        self, request: Mapping[str, Any], timeout_s: float, into: Path | None
    ) -> dict[str, Any]:
        running = self._alive()
        own = running.folder / secrets.token_hex(8)
        if into:
            request = {**request, "into": str(own)}
        # A program that reads no more would hold up whoever has much to say.
        watch = threading.Timer(timeout_s, running.end)
        watch.daemon = True
        watch.start()
        try:
            answer = running.send(request)
        finally:
            watch.cancel()
        try:
            found = answer.result(timeout_s)
        except OutOfTime:
            running.end()
            raise ProviderBusy(self.title, f"no answer within {timeout_s:.0f} s") from None
        except _Gone:
            raise ProviderBusy(self.title, "its process has ended") from None
        if "refused" in found:
            raise ProviderRefused(self.title, str(found["refused"]))
        if into:
            self._take(own, into)
        return found

    def _take(self, made: Path, into: Path) -> None:
        """A file of the program's, and not what a link in its place would lead to."""
        try:
            with os.fdopen(os.open(made, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise OSError
                with into.open("wb") as out:
                    shutil.copyfileobj(file, out)
            made.unlink()
        except OSError:
            raise ProviderBusy(self.title, "what it made cannot be read") from None

    def _end(self) -> None:
        with self._lock:
            running, self._running = self._running, None
        if running:
            running.end()

    def _alive(self) -> _Running:
        with self._lock:
            if self._running is None or self._running.over:
                self._running = self._started()
            return self._running

    def _started(self) -> _Running:
        ends = [*os.pipe(), *os.pipe()]
        asked, asking, answers, answering = ends
        folder = tempfile.mkdtemp(prefix="program-")
        try:
            process = LAUNCHER_OF_ALL.start(
                Start(
                    self._row,
                    self._command,
                    environment(**ENVIRONMENT, **self._environment),
                    {0: asked, 1: answering},
                    reads=self._reads,
                    limits={
                        resource.RLIMIT_DATA: machine().room_bytes(),
                        resource.RLIMIT_FSIZE: MOST_FILE_BYTES,
                        resource.RLIMIT_CORE: 0,
                    },
                    folder=folder,
                    tree=Tree(MOST_PROCESSES, machine().room_bytes(), 2 * MOST_FILE_BYTES),
                )
            )
        except OSError as error:
            os.close(asking)
            os.close(answers)
            shutil.rmtree(folder, ignore_errors=True)
            reason = f"its program cannot be started: {error.strerror}"
            raise ProviderBusy(self.title, reason) from error
        finally:
            os.close(asked)
            os.close(answering)
        return _Running(process, os.fdopen(asking, "wb", 0), os.fdopen(answers, "rb"), Path(folder))


class _Gone(Exception):
    """The process has ended, or says what is no answer."""


class _Running:
    """A process, and who waits for which of its answers."""

    def __init__(
        self, process: Confined, asking: IO[bytes], answers: IO[bytes], folder: Path
    ) -> None:
        self.process, self.folder = process, folder
        self._asking, self._answers = asking, answers
        self.over = False
        # Two, as an answer must be taken while a request waits for room in its pipe.
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._waiting = dict[int, Future[dict[str, Any]]]()
        self._last = 0
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, request: Mapping[str, Any]) -> Future[dict[str, Any]]:
        answer = Future[dict[str, Any]]()
        with self._lock:
            if self.over:
                answer.set_exception(_Gone())
                return answer
            self._last += 1
            self._waiting[self._last] = answer
            line = json.dumps({"id": self._last, **request}).encode() + b"\n"
        # Whoever reads its answers tells that it is gone.
        with self._writing, suppress(OSError, ValueError):
            left = memoryview(line)
            while left:
                left = left[self._asking.write(left) :]
        return answer

    def end(self) -> None:
        """With all that it has started. Reading ends then, and tells those who wait."""
        self.process.kill()
        self.process.wait()

    def _read(self) -> None:
        try:
            with suppress(ValueError, KeyError, TypeError, OSError, RecursionError):
                while line := self._answers.readline(MOST_LINE_BYTES):
                    found = json.loads(line)
                    with self._lock:
                        answer = self._waiting.pop(found["id"])
                    answer.set_result(found)
        finally:
            self._bury()

    def _bury(self) -> None:
        self.end()
        with self._lock:
            self.over = True
            lost, self._waiting = list(self._waiting.values()), {}
            for pipe in (self._asking, self._answers):
                with suppress(OSError):
                    pipe.close()
        for answer in lost:
            answer.set_exception(_Gone())
