"""A program that answers requests: a line of JSON for each, over pipes. It is kept while it lives.

It is started by the first request, without our environment, and may answer in any order. One that
dies, or does not answer in time, is an error for those who wait; the next request starts another.
One that has had nothing to do for a while is ended: it may hold half a gigabyte.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as OutOfTime
from contextlib import suppress
from typing import Any

from resplice.adapters.machine import machine
from resplice.adapters.processes.environment import environment
from resplice.adapters.processes.idle import Idle
from resplice.adapters.processes.limits import first_to_go, limit
from resplice.errors import ProviderBusy, ProviderRefused

ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
"""All that the program gets beside what its interpreter needs."""


IDLE_SECONDS = 60.0


class Program:
    """Safe to use from many threads. title: as people call it, in errors."""

    def __init__(self, title: str, command: Sequence[str], *, idle_s: float = IDLE_SECONDS) -> None:
        self.title = title
        self._command, self._idle = tuple(command), Idle(idle_s, self._end)
        self._lock = threading.Lock()
        self._running: _Running | None = None

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return self._running.process.pid if self._running else None

    def ask(self, request: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        """The answer. Raises ProviderRefused when it says `refused`, ProviderBusy when there is no
        answer: it cannot be started, dies, or takes longer than that, and is ended.
        """
        with self._idle.used():
            return self._answered(request, timeout_s)

    def close(self) -> None:
        """End the process. Who waits for it is told; the next request starts another."""
        self._idle.cancel()
        self._end()

    def _answered(self, request: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        running = self._alive()
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
        return found

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
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(**ENVIRONMENT),
                start_new_session=True,
            )
        except OSError as error:
            reason = f"its program cannot be started: {error.strerror}"
            raise ProviderBusy(self.title, reason) from error
        limit(process.pid, {resource.RLIMIT_DATA: machine().room_bytes()})
        first_to_go(process.pid)
        return _Running(process)


class _Gone(Exception):
    """The process has ended, or says what is no answer."""


class _Running:
    """A process, and who waits for which of its answers."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
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
        assert self.process.stdin
        # Whoever reads its answers tells that it is gone.
        with self._writing, suppress(OSError, ValueError):
            self.process.stdin.write(line)
            self.process.stdin.flush()
        return answer

    def end(self) -> None:
        """With all that it has started. Reading ends then, and tells those who wait."""
        if not self.over:  # Its number may be another's by then.
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _read(self) -> None:
        assert self.process.stdout
        with suppress(ValueError, KeyError, TypeError, OSError):
            for line in self.process.stdout:
                found = json.loads(line)
                with self._lock:
                    answer = self._waiting.pop(found["id"])
                answer.set_result(found)
        self._bury()

    def _bury(self) -> None:
        self.end()
        with self._lock:
            self.over = True
            lost, self._waiting = list(self._waiting.values()), {}
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()
        for answer in lost:
            answer.set_exception(_Gone())
