"""The steps of a run one after the other, each as if it were a process of its own elsewhere.

What the state machine does between them is done here in a few lines, so that single steps can be
repeated, left out, or fail.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.sqlite.cache_index import SqliteCacheIndex
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.leases import SqliteLeases
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.errors import NotFound
from resplice.ports import Ports
from resplice.ports.clock import Clock
from resplice.steps import api, element
from resplice.steps.execution import complete as landing
from resplice.steps.execution import dispatch as waves
from resplice.steps.execution import stages
from resplice.steps.execution.coalesce import Coalescer

Step = Callable[[], Any]
RETRIES = 3
BASE_URL = "https://m.example"


class Died(BaseException):
    """A process ended in the middle of a step. Nothing of ours may take it for an error."""


@dataclass
class Executions:
    """Notes what was to be executed; `ended` are names that were, before."""

    started: list[str] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

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
    before: is told the name of each step before it. lost: shares that are never made.
    """

    ports: Ports
    times: int = 1
    executions: Executions = field(default_factory=Executions)
    states: list[dict[str, Any]] = field(default_factory=list)
    before: Callable[[str], object] = lambda step: None
    lost: Callable[[int, int], bool] = lambda wave, index: False

    @property
    def flights(self) -> Coalescer:
        return Coalescer(self.ports, self.executions)

    def post(self, document: dict[str, Any]) -> str:
        body = json.dumps(document).encode()
        return api.post(body, "owner", self.ports, self.flights)

    def told(self, project: str) -> dict[str, Any]:
        movie: dict[str, Any]
        movie = api.status(project, "owner", self.ports, BASE_URL, simple=False)["movie"]
        return movie

    def made(self, document: dict[str, Any]) -> dict[str, Any]:
        """The movie from its post to its end, as it is told."""
        project = self.post(document)
        self.play_all()
        return self.told(project)

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
            self.step("crash", lambda: landing.crash(project, told, self.flights))
        else:
            self.step("finish", lambda: landing.land(project, self.flights))
        self.executions.ended.add(project)

    def step(self, name: str, call: Step) -> Any:
        """Call it as often as asked, each time again when it dies or fails in a way that heals."""
        self.before(name)
        for _ in range(self.times):
            result = self._retried(call)
        return json.loads(json.dumps(result, default=str))

    def _retried(self, call: Step) -> Any:
        for attempt in range(RETRIES + 1):
            try:
                return call()
            except Died:
                continue
            except Exception as error:
                if attempt == RETRIES or not getattr(error, "retry", False):
                    raise
        raise AssertionError("died again and again")

    def render(self, project: str) -> None:
        """The execution but for its last step. Raises what ends it."""
        for heals in range(4):
            try:
                return self._attempt(project, heals)
            except NotFound:
                if heals == 3:
                    raise
        return None

    def _attempt(self, project: str, heals: int) -> None:
        ports, wave = self.ports, None
        while True:
            state = self._named("prepare", project, waves.hand_out, project, heals, wave, ports)
            if not state["count"]:
                break
            wave = state["wave"]
            for task in self._tasks(state):
                self._share(project, state["wave"], task["index"], task["function"])
        state = self._named("plan", project, stages.plan_run, project, heals, ports)
        for task in self._tasks(state):
            self.step("scene", partial(stages.make_task, project, task["index"], ports))
        self.step("movie", lambda: stages.join_run(project, ports))

    def _named(self, name: str, project: str, call: Callable[..., Any], *of: Any) -> dict[str, Any]:
        """A step that hands on the workflow's state."""
        state = self.step(
            name, lambda: landing.with_verdict(project, partial(call, *of), self.ports)
        )
        self.states.append(state)
        return dict(state)

    def _tasks(self, state: dict[str, Any]) -> list[dict[str, Any]]:
        """From the state, or from where it says that they lie."""
        if state["tasks"] or not state["count"]:
            return list(state["tasks"])
        with self.ports.objects.open(state["items"]) as path:
            return list(json.loads(path.read_bytes()))

    def _share(self, project: str, wave: int, index: int, function: str) -> None:
        """The workflow goes on whatever comes of it."""
        if self.lost(wave, index):
            return
        with suppress(Exception):
            self.step(function, lambda: element.make_share(project, wave, index, self.ports))


@dataclass
class MovedClock:
    """A clock that can be put forward."""

    clock: Clock
    ahead_ms: int = 0

    def now_ms(self) -> int:
        return self.clock.now_ms() + self.ahead_ms


def emptied(ports: Ports, folder: Path) -> Ports:
    """The same ports on an empty store, with a clock of their own."""
    objects = DiskObjects(folder, None)
    rows = SqliteFile(folder / "records.sqlite")
    return replace(
        ports,
        objects=objects,
        scratch=objects,
        projects=SqliteProjects(rows),
        cache_index=SqliteCacheIndex(rows),
        leases=SqliteLeases(rows),
        clock=MovedClock(ports.clock),
    )


def dangling(far: FarApart, *movie_keys: str) -> list[Any]:
    """What is left of flights when all are over: nothing should be."""
    leases = far.ports.leases
    left: list[Any] = [far.ports.projects.unfinished()]
    for key in movie_keys:
        left += [leases.waiting(key), leases.held(key)]
    return [each for each in left if each]
