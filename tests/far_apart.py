"""The steps of a run one after the other, each as if it were a process of its own elsewhere.

The executor of one process follows the workflow here, with functions around the steps that repeat
them, leave them out, or let them die, and with checkpoints that travel as JSON.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.parts import WholeParts
from resplice.adapters.disk.splicer import DiskSplicer
from resplice.adapters.s3.checkpoints import ObjectCheckpoints
from resplice.adapters.sqlite.agenda import SqliteAgenda
from resplice.adapters.sqlite.api_keys import SqliteApiKeys
from resplice.adapters.sqlite.cache_index import SqliteCacheIndex
from resplice.adapters.sqlite.connections import SqliteConnections
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.file_users import SqliteFileUsers
from resplice.adapters.sqlite.idempotency import SqliteIdempotency
from resplice.adapters.sqlite.leases import SqliteLeases
from resplice.adapters.sqlite.outbox import SqliteOutbox
from resplice.adapters.sqlite.progress import SqliteProgress
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.adapters.sqlite.sealing import Sealing
from resplice.api.movie_json import movie_json
from resplice.core.wanted_stills import Stills
from resplice.ports import Ports
from resplice.ports.clock import Clock
from resplice.steps import makers, projects
from resplice.steps.deadline import NEVER, Deadline
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.complete import complete, fail_with
from resplice.steps.execution.executor import WorkflowExecutor, functions_of
from resplice.wiring.aws import PATIENCE, Absent
from resplice.wiring.aws_failures import shortened
from resplice.wiring.functions import PORTS

OWNER = "self"
RETRIES = 3
BASE_URL = "https://m.example"
_OPENED: list[DiskObjects] = []


class Died(BaseException):
    """A process ended in the middle of a step. Nothing of ours may take it for an error."""


@dataclass
class Executions:
    """Notes what was to be executed; `ended` are names that were, before."""

    started: list[str] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cancel(self, project_id: str) -> None:
        """What runs here runs to its end, as functions do."""

    def start(self, project_id: str) -> bool:
        with self._lock:
            if project_id in self.ended:
                return False
            if project_id not in self.started:
                self.started.append(project_id)
            return True


@dataclass
class FarApart:
    """A service whose executions are played step by step.

    times: how often each step is called. states: all that the workflow kept between steps.
    before: is told the name of each step before it. ends: says when a step has to end.
    lost: batches that are never made.
    """

    ports: Ports
    times: int = 1
    executions: Executions = field(default_factory=Executions)
    states: list[dict[str, Any]] = field(default_factory=list)
    before: Callable[[str], object] = lambda step: None
    ends: Callable[[Ports], Deadline] = lambda ports: NEVER
    lost: Callable[[int, int], bool] = lambda number, index: False

    @property
    def coalescer(self) -> Coalescer:
        return Coalescer(self.ports, self.executions)

    def post(
        self,
        document: dict[str, Any],
        *,
        elements_only: bool = False,
        stills: Stills | None = None,
    ) -> str:
        body = json.dumps(document).encode()
        asked = {"elements_only": elements_only, "stills": stills}
        return projects.submit(body, self.coalescer, OWNER, **asked)

    def told(self, project: str) -> dict[str, Any]:
        return movie_json(projects.status(project, OWNER, self.ports), BASE_URL, simple=False)

    def made(self, document: dict[str, Any]) -> dict[str, Any]:
        """The movie from its post to its end, as it is told."""
        project = self.post(document)
        self.play_all()
        told = self.told(project)
        if told["message"]:
            print("made:", told["message"])  # Shown when the test fails.
        return told

    def movie_key(self, project: str) -> str:
        told = self.told(project)
        assert told["status"] == "done", told["message"]
        return str(told["url"]).removeprefix(f"{BASE_URL}/")

    def play_all(self) -> None:
        """Everything that was started, and what that starts, to its end."""
        while waiting := [p for p in self.executions.started if p not in self.executions.ended]:
            for project in waiting:
                self.play(project)

    def play(self, project: str) -> None:
        """The execution of the project, from its first step to its end."""
        try:
            self.render(project)
        except Exception as error:
            cause = json.dumps({"errorMessage": str(error), "errorType": type(error).__name__})
            told = {"Error": type(error).__name__, "Cause": cause}
            self.step("failed", lambda: fail_with(project, told, self.coalescer))
        else:
            self.step("finish", lambda: complete(project, self.coalescer))
        self.executions.ended.add(project)

    def render(self, project: str) -> None:
        """The execution but for its last step. Raises what ends it."""
        functions = {name: self._far(name) for name in functions_of(self.ports)}
        executor = WorkflowExecutor(self.ports, functions, batches_at_once=1)
        executor.run(project, until="Finish")

    def step(self, name: str, call: Callable[[], Any]) -> Any:
        """Call it as often as asked, each time again when it dies or fails for a while."""
        self.before(name)
        for _ in range(self.times):
            result = self._retried(call)
        return json.loads(json.dumps(result, default=str))

    def _far(self, name: str) -> Callable[[Any], Any]:
        """The function of a step, as the workflow calls it: it is given, and hands on, JSON."""
        own = only(self.ports, name)
        makes_elements = name in makers.functions()

        def function(given: Any) -> Any:
            given = json.loads(json.dumps(given))
            call = functions_of(own, deadline=self.ends(own))[name]
            if makes_elements and self.lost(given["round"], given["index"]):
                return None
            # The workflow goes on whatever comes of a batch.
            with suppress(*([Exception] if makes_elements else [])):
                state = self.step(name, lambda: self._cut(given, call))
                if name in ("prepare", "plan"):
                    self.states.append(state)
                return state
            return None

        return function

    def _cut(self, given: Any, call: Callable[[Any], Any]) -> Any:
        with shortened(given["project"], self.ports):
            return call(given)

    def _retried(self, call: Callable[[], Any]) -> Any:
        for attempt in range(RETRIES + 1):
            try:
                return call()
            except Died:
                continue
            except Exception as error:
                if attempt == RETRIES or not getattr(error, "retry", False):
                    raise
        raise AssertionError("died again and again")


def only(ports: Ports, function: str) -> Ports:
    """The ports as the function is given them when it is one of its own."""
    others = set[str]().union(*PORTS.values()) - {*PORTS[function]}
    return replace(ports, **{name: Absent(name) for name in others})


@dataclass
class MovedClock:
    """A clock that can be put forward."""

    clock: Clock
    ahead_ms: int = 0

    def now_ms(self) -> int:
        return self.clock.now_ms() + self.ahead_ms


def emptied(ports: Ports, folder: Path) -> Ports:
    """The same ports on an empty store, with a clock of their own, as a deployed stack waits."""
    objects = DiskObjects(folder, None)
    _OPENED.append(objects)
    return replace(
        ports,
        objects=objects,
        splicer=DiskSplicer(objects),
        parts=WholeParts(objects),
        scratch=objects,
        checkpoints=ObjectCheckpoints(objects, objects, ports.lookups),
        clock=MovedClock(ports.clock),
        patience=PATIENCE,
        files_allowed=False,
        renderers=ThreadPoolExecutor(1),
        **records_in(folder),
    )


def close_stores() -> None:
    """End the runs of all stores that `emptied` gave."""
    while _OPENED:
        _OPENED.pop().close()


def records_in(folder: Path) -> dict[str, Any]:
    """The ports whose adapters keep records, in one file of the folder."""
    file = SqliteFile(folder / "records.sqlite")
    return {
        "projects": SqliteProjects(file),
        "agenda": SqliteAgenda(file),
        "file_users": SqliteFileUsers(file),
        "progress": SqliteProgress(file),
        "idempotency": SqliteIdempotency(file),
        "cache_index": SqliteCacheIndex(file),
        "leases": SqliteLeases(file),
        "api_keys": SqliteApiKeys(file),
        "connections": SqliteConnections(file, Sealing(folder / "connections.key")),
        "outbox": SqliteOutbox(file),
    }


def dangling(far: FarApart, *movie_keys: str) -> list[Any]:
    """What is left of executions when all are over: nothing should be."""
    left: list[Any] = [far.ports.projects.unfinished()]
    for key in movie_keys:
        left += [far.ports.leases.waiting(key), far.ports.leases.held(key)]
    return [each for each in left if each]
