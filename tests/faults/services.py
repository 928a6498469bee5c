"""The functions of a stack, as its workflow and its clients call them.

Each call is a process of its own: what dies is called again by the workflow, if that says so, and
by nobody else.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from far_apart import only
from faults.process import Around, Calls, Died, Process
from faults.states import CRASHED, Failed, Walker
from faults.worlds import Film, posted
from resplice.adapters.s3.held_checkpoints import HeldCheckpoints
from resplice.core import lane
from resplice.ports import Ports
from resplice.ports.functions import CallFailed
from resplice.steps.deadline import Deadline
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.complete import complete, fail_with, stopped
from resplice.steps.execution.executor import functions_of
from resplice.steps.execution.lane import Lane
from resplice.steps.execution.progress import CountedFrames
from resplice.wiring.aws import shortened

from infra.rows import ROWS
from infra.states import Workflow

if TYPE_CHECKING:
    from faults.stack import Stack

CRASH_MS = 21_000
"""After which nothing is held any more by a call that died: the workflow waits before it retries,
and a crash is not noticed at once.
"""
TRIES_OF_AN_EVENT = 3


@dataclass
class Service:
    """One that is asked for a film, and all its functions. calls: of all of them."""

    stack: Stack
    film: Film
    name: str
    calls: Calls

    def post(self) -> None:
        """A client asks again after an answer that never came."""
        for _ in range(TRIES_OF_AN_EVENT):
            with suppress(Died):
                self._invoked("api", {}, self._post)
                return

    def _post(self, process: Process, given: Any) -> None:
        posted(self.film, self.name, self._coalescer(process), self.stack.journal)

    def play_all(self) -> None:
        """Everything that was started, and what that starts, to its end."""
        executions = self.stack.executions
        while waiting := [p for p in executions.started if p not in executions.ended]:
            for project in waiting:
                self._play(project)

    def _play(self, project: str) -> None:
        walker = Walker(self._task, self._read, self._wait)
        status = "SUCCEEDED"
        try:
            walker.run(self._definition(), {"project": project})
        except Failed as failed:
            self.stack.journal.note("failed", project, str(failed))
            status = "FAILED"
        self.stack.executions.ended.add(project)
        if status == "FAILED":
            self.event({"detail": {"name": project, "status": status}})

    def _definition(self) -> Any:
        functions = {name: f"arn:{name}" for name in ROWS}
        workflow = Workflow(functions, "bucket", "aws", 10, fast_lane=self.stack.in_lane)
        return json.loads(json.dumps(workflow.definition()))

    def event(self, event: Any) -> None:
        """As Lambda delivers one: again when it failed."""
        for _ in range(TRIES_OF_AN_EVENT):
            try:
                self._invoked("finish", event, self._finish)
                return
            except Died:
                self._wait(0, CRASHED)
            except Exception as error:
                self.stack.journal.note("event failed", str(error))

    def _task(self, resource: str, payload: Any) -> Any:
        name = resource.removeprefix("arn:")
        handlers = {"finish": self._finish, lane.FUNCTION: self._lane}
        return self._invoked(name, payload, handlers.get(name, self._step_of(name)))

    def _invoked(self, name: str, event: Any, handler: Callable[[Process, Any], Any]) -> Any:
        """A process of the function, for one call."""
        stack = self.stack

        def other() -> None:
            process = Process(stack.journal, stack.clock(), _nothing(), Calls())
            process.function = name
            handler(process, event)

        around = Around(lambda: None, stack.damage, lambda: None, lambda: stack.rival(other))
        process = Process(stack.journal, stack.clock(), around, self.calls)
        process.function = name
        try:
            return handler(process, event)
        except Exception as error:
            stack.journal.note("raised", name, "".join(traceback.format_exception(error)[-3:]))
            raise

    def _ports(self, process: Process) -> Ports:
        raw = self.stack.outside.around(self.stack.raw_ports(), self.stack.journal)
        wrapped = process.wrapped(replace(raw, checkpoints=None))  # type: ignore[arg-type]
        ports = self.stack.with_checkpoints(wrapped)
        return ports if process.function == "api" else only(ports, process.function)

    def _coalescer(self, process: Process) -> Coalescer:
        executions = process.port(self.stack.executions, "executions")
        return Coalescer(self._ports(process), executions)

    def _step_of(self, name: str) -> Callable[[Process, Any], Any]:
        """As wiring.aws has it."""

        def handler(process: Process, event: Any) -> Any:
            own = self._ports(process)
            deadline = Deadline.of_step(1000 * ROWS[name].timeout_s, own)
            counted = CountedFrames(event["project"], own)
            with shortened(event["project"], own):
                result = functions_of(own, counted, deadline)[name](event)
                counted.write()
                return result

        return handler

    def _lane(self, process: Process, event: Any) -> Any:
        """As wiring.aws_lane has it."""
        own = self._ports(process)
        deadline = Deadline.of_step(1000 * ROWS[lane.FUNCTION].timeout_s, own)
        held: Any = HeldCheckpoints(own.checkpoints)  # type: ignore[arg-type]
        with shortened(event["project"], own):
            ports = replace(own, checkpoints=held)
            return Lane(event["project"], ports, held, _Functions(self), deadline).run()

    def _finish(self, process: Process, event: Any) -> None:
        """As functions/finish has it."""
        coalescer = self._coalescer(process)
        if event.get("sweep"):
            coalescer.sweep()
        elif "detail" in event:
            stopped(event["detail"]["name"], event["detail"]["status"], coalescer)
        elif "error" in event:
            fail_with(event["project"], event["error"], coalescer)
        else:
            complete(event["project"], coalescer)

    def _read(self, bucket: str, key: str) -> Any:
        with self.stack.raw_ports().objects.open(key) as path:
            return json.loads(path.read_bytes())

    def _wait(self, seconds: float, error: str) -> None:
        self.stack.ahead_ms += round(1000 * seconds) + (CRASH_MS if error == CRASHED else 0)


@dataclass(frozen=True)
class _Functions:
    """Implements ports.functions.Functions, for the lane."""

    service: Service

    def call(self, function: str, given: Mapping[str, Any]) -> None:
        try:
            self.service._task(f"arn:{function}", json.loads(json.dumps(given)))
        except (Exception, Died) as error:
            raise CallFailed(str(error)) from error


def _nothing() -> Around:
    return Around(lambda: None, lambda key, how: False, lambda: None, lambda: None)
