"""The Lambda service: invocations to warm processes, time limits, retries of asynchronous events.

Knows nothing of moto. Functions differ in how many of them run at once: those that have a whole
core on Lambda are few here too, so that they do not run into their time limits.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from resplice.core import lane

from infra.local.faults import Faults
from infra.local.lambda_process import Exited, Function, LambdaProcess
from infra.runtime import interpreter

CORE_MB = 1769
"""From here on Lambda gives a function a whole core."""
LIGHT_AT_ONCE = 6
MAX_IDLE, MAX_IDLE_PER_FUNCTION = 24, 4
CLOSE_SECONDS = 5.0
RETRY_PAUSES_SECONDS = (1.0, 2.0)
"""Of events. Lambda waits one minute, then two."""

NO_MORE: Mapping[str, str] = MappingProxyType({})

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What an invocation gave. payload: JSON; of an error when it failed."""

    payload: str
    failed: bool
    log: str


def short(name: str) -> str:
    """How we call a function: `scene` for resplice-dev-scene."""
    return name.rpartition("-")[2]


class LambdaRuntime:
    """Runs functions until it is closed. Safe to use from many threads."""

    def __init__(
        self, folder: Path, endpoint: str, faults: Faults, variables: Mapping[str, str] = NO_MORE
    ) -> None:
        """folder: for logs and what functions put in /tmp.

        variables: all functions get these, also instead of their own; who changes them is heard
        by the next invocation. invocations: how many there were, by the short names of functions.
        """
        self.invocations: Counter[str] = Counter()
        self.faults = faults
        self.variables = dict(variables)
        self._folder, self._endpoint = folder, endpoint
        self._idle: list[LambdaProcess] = []
        self._busy: set[LambdaProcess] = set()
        self._written: defaultdict[str, list[Path]] = defaultdict(list)
        self._numbers = itertools.count(1)
        self._pythons: dict[str, Path] = {}
        self._lock, self._closed = threading.Lock(), threading.Event()
        self._places = {
            True: threading.BoundedSemaphore((os.cpu_count() or 2) + 1),
            False: threading.BoundedSemaphore(LIGHT_AT_ONCE),
        }

    def invoke(self, function: Function, event: Any) -> Outcome:
        """Run it now, or as soon as there is a place; the outcome, good or bad."""
        name = short(function.name)
        function = replace(function, variables={**function.variables, **self.variables})
        fault = self.faults.next(name)
        # Who waits for others that fill a core takes no place of theirs.
        with self._places[function.memory_mb >= CORE_MB and name != lane.FUNCTION]:
            if fault.twice:
                self._run(function, event, None)
            return self._run(function, event, fault.kill)

    def deliver(self, function: Function, event: Any) -> threading.Thread:
        """Run it in the background, and again when it fails, as Lambda does with events."""
        thread = threading.Thread(target=self._insist, args=(function, event), daemon=True)
        thread.start()
        return thread

    def _insist(self, function: Function, event: Any) -> None:
        for pause_s in (*RETRY_PAUSES_SECONDS, None):
            outcome = self.invoke(function, event)
            if not outcome.failed:
                return
            if pause_s is None or self._closed.wait(pause_s):
                break
        if not self._closed.is_set():
            log.error("%s gave up on an event: %s", function.name, outcome.payload)

    def _run(self, function: Function, event: Any, kill: int | str | None) -> Outcome:
        if self._closed.is_set():
            return _failed("Runtime.ExitError", "The runtime is closed", "")
        with self._lock:
            self.invocations[short(function.name)] += 1
        request_id, started_s = str(uuid.uuid4()), time.monotonic()
        with self._process(function) as process:
            before_bytes = process.log.stat().st_size
            reply = self._reply(process, request_id, event, kill)
            duration_ms = (time.monotonic() - started_s) * 1000
            _write(process.log, f"REPORT RequestId: {request_id} Duration: {duration_ms:.2f} ms")
            with process.log.open("rb") as file:
                file.seek(before_bytes)
                said = file.read().decode(errors="replace")
        failed = "error" in reply
        return Outcome(json.dumps(reply["error"] if failed else reply["result"]), failed, said)

    def _reply(
        self, process: LambdaProcess, request_id: str, event: Any, kill: int | str | None
    ) -> dict[str, Any]:
        """The process's, or the error that Lambda tells in its place."""
        _write(process.log, f"START RequestId: {request_id} Version: {process.function.version}")
        if kill == "start":
            process.kill()
        elif isinstance(kill, int):
            self.faults.arm(process.id, kill, process.kill)
        try:
            reply = process.answer(request_id, event)
            if kill != "end":
                return reply
            process.kill()
            kind, message = "Runtime.ExitError", "Runtime exited with error: signal: killed"
        except TimeoutError:
            process.kill()
            limit_s = process.function.timeout_s
            kind, message = "Sandbox.Timedout", f"Task timed out after {limit_s}.00 seconds"
        except Exited as exited:
            kind, message = "Runtime.ExitError", str(exited)
        finally:
            self.faults.disarm(process.id)
        process.ready = False
        message = f"RequestId: {request_id} Error: {message}"
        _write(process.log, message)
        return {"error": {"errorType": kind, "errorMessage": message}}

    @contextmanager
    def _process(self, function: Function) -> Iterator[LambdaProcess]:
        """A warm one of the function, or a new one; kept afterwards if it still is ready."""
        with self._lock:
            warm = [each for each in self._idle if each.function == function]
            if warm:
                self._idle.remove(warm[-1])
            process = warm[-1] if warm else self._started(function)
            self._busy.add(process)
        try:
            yield process
        finally:
            with self._lock:
                self._busy.discard(process)
                done = [process]
                if process.ready and not self._closed.is_set():
                    self._idle.append(process)
                    done = self._surplus(function)
            for each in done:
                each.close()

    def _started(self, function: Function) -> LambdaProcess:
        id = f"{short(function.name)[:20]}-{next(self._numbers)}"
        python = self.python(function.runtime)
        process = LambdaProcess(id, function, python, self._endpoint, self._folder)
        self._written[short(function.name)].append(process.log)
        return process

    def environment(self, function: Function) -> LambdaProcess:
        """A new one, which nothing is sent to. Whoever asked closes it."""
        with self._lock:
            return self._started(function)

    def python(self, runtime: str) -> Path:
        """The interpreter of `python3.13`. Raises LookupError."""
        if runtime not in self._pythons:
            found = interpreter(runtime.removeprefix("python"))
            if found is None:
                raise LookupError(f"functions need {runtime}: it is not installed")
            self._pythons[runtime] = found
        return self._pythons[runtime]

    def _surplus(self, function: Function) -> list[LambdaProcess]:
        """The oldest idle ones above the limits, taken out."""
        same = [each for each in self._idle if each.function.name == function.name]
        surplus = same[:-MAX_IDLE_PER_FUNCTION] or self._idle[:-MAX_IDLE]
        self._idle = [each for each in self._idle if each not in surplus]
        return surplus

    def log_text(self, function: str) -> str:
        """All that the function's processes wrote, oldest process first."""
        with self._lock:
            paths = list(self._written[function])
        return "".join(path.read_text(errors="replace") for path in paths)

    def close(self) -> None:
        """End every process. Invocations that run fail, later ones too."""
        with self._lock:
            self._closed.set()
            idle, self._idle = self._idle, []
            for process in self._busy:
                process.kill()
        for process in idle:
            process.close()
        deadline_s = time.monotonic() + CLOSE_SECONDS
        while self._busy and time.monotonic() < deadline_s:
            time.sleep(0.01)


def _failed(kind: str, message: str, said: str) -> Outcome:
    return Outcome(json.dumps({"errorType": kind, "errorMessage": message}), True, said)


def _write(path: Path, line: str) -> None:
    with path.open("a") as file:
        file.write(line + "\n")
