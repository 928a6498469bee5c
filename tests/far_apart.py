"""The steps of a run one after the other, each as if it were a process of its own elsewhere.

What the state machine does between them is done here in a few lines, so that single steps can be
repeated, left out, or fail.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from resplice.errors import NotFound
from resplice.ports import Ports
from resplice.steps import api, element, landing, stages, waves
from resplice.steps.flight import Flights

Step = Callable[[], Any]


@dataclass
class Executions:
    """Notes what was to be executed; `ended` are names that were, before."""

    started: list[str] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)

    def start(self, project_id: str) -> bool:
        if project_id in self.ended:
            return False
        if project_id not in self.started:
            self.started.append(project_id)
        return True


@dataclass
class FarApart:
    """A service whose executions are played step by step. times: how often each step is called."""

    ports: Ports
    times: int = 1
    executions: Executions = field(default_factory=Executions)

    @property
    def flights(self) -> Flights:
        return Flights(self.ports, self.executions)

    def post(self, document: dict[str, Any]) -> str:
        body = json.dumps(document).encode()
        return api.post(body, "owner", self.ports, self.flights)

    def told(self, project: str) -> dict[str, Any]:
        return api.status(project, "owner", self.ports, "https://m.example", simple=False)["movie"]

    def play(self, project: str) -> None:
        """The execution of the project, from its first step to its end."""
        try:
            self._run(project)
        except Exception as error:
            cause = json.dumps({"errorMessage": str(error), "errorType": type(error).__name__})
            told = {"Error": type(error).__name__, "Cause": cause}
            self.step(lambda: landing.crash(project, told, self.flights))
        else:
            self.step(lambda: landing.land(project, self.flights))
        self.executions.ended.add(project)

    def step(self, call: Step) -> Any:
        for _ in range(self.times):
            result = call()
        return json.loads(json.dumps(result, default=str))

    def _run(self, project: str) -> None:
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
            state = self.step(
                lambda wave=wave: landing.with_verdict(
                    project, lambda: waves.hand_out(project, heals, wave, ports), ports
                )
            )
            if not state["count"]:
                break
            wave = state["wave"]
            for task in state["tasks"]:
                self._share(project, state["wave"], task["index"])
        state = self.step(
            lambda: landing.with_verdict(
                project, lambda: stages.plan_run(project, heals, ports), ports
            )
        )
        for task in state["tasks"]:
            self.step(lambda task=task: stages.make_task(project, task["index"], ports))
        self.step(lambda: stages.join_run(project, ports))

    def _share(self, project: str, wave: int, index: int) -> None:
        """The workflow goes on whatever comes of it."""
        try:
            self.step(lambda: element.make_share(project, wave, index, self.ports))
        except Exception as error:
            if not getattr(error, "retry", False):
                raise
