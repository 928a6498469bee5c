"""One execution of the state machine: the steps of core.workflow, tried again as infra/states.py
says. It knows no movie: how many tasks there are, and what functions do, it is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from resplice.core import lane, workflow
from resplice.core.workflow import MAX_INLINE_TASKS, Call, ForEach

from benchmarks.simulation.account import Account, Done, Step
from infra.states import THROTTLED

FIRST_S, GROWS, LONGEST_S, TRIES = (
    float(THROTTLED["IntervalSeconds"]),
    float(THROTTLED["BackoffRate"]),
    float(THROTTLED["MaxDelaySeconds"]),
    int(THROTTLED["MaxAttempts"]),
)


class Making(Protocol):
    """What is executed."""

    def left_by_lane(self) -> str | None:
        """The step that is left when the lane has done what it does; None: it begins without it."""
        ...

    def tasks(self, step: ForEach, number: int) -> list[str]:
        """The functions of the step's tasks when it is reached for the number-th time, from 0."""
        ...

    def seconds(self, function: str) -> float: ...

    def work(self, function: str, number: int) -> Step:
        """What the function does, called for the number-th time, from 0."""
        ...

    def failed(self, error: str) -> Step:
        """What `finish` does with an error."""
        ...

    def stopped(self, status: str) -> None:
        """The execution ended badly, and no step recorded it."""
        ...

    def over(self) -> None:
        """The execution has ended."""
        ...


@dataclass
class Execution:
    """Takes what is made through the steps."""

    account: Account
    making: Making
    over: bool = False
    _left_at: str | None = None
    _reached: dict[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        self.account.after(workflow.DEADLINE_SECONDS, partial(self._end, "TIMED_OUT"))
        self._left_at = self.making.left_by_lane()
        if self._left_at:
            self._task(lane.FUNCTION, self.making.work(lane.FUNCTION, 0), self._left)
        else:
            self._anew()

    def _anew(self) -> None:
        self.account.move(partial(self._enter, workflow.FIRST))

    def _left(self, failed: str | None) -> None:
        """When the lane died, the steps begin."""
        if failed:
            self._anew()
        else:
            self._reached[workflow.FIRST] = 0
            self.account.move(partial(self._enter, self._left_at))

    def _end(self, status: str | None = None) -> None:
        if self.over:
            return
        self.over = True
        self.making.over()
        if status:
            self.making.stopped(status)

    def _enter(self, name: str | None) -> None:
        if self.over:
            return
        if name is None:
            self._end()
            return
        step = workflow.step(name)
        number = self._reached[name] = self._reached.get(name, -1) + 1
        if isinstance(step, Call):
            work = self.making.work(step.function, number)
            self._task(step.function, work, partial(self._after, step.then))
        else:
            self.account.move(partial(self._choose, step, self.making.tasks(step, number)))

    def _after(self, then: str | None, failed: str | None) -> None:
        if failed:
            self._fail(failed)
        else:
            self._enter(then)

    def _fail(self, error: str) -> None:
        """By the state that records it; when that cannot be done the execution has failed."""

        def recorded(failed: str | None) -> None:
            self._end("FAILED") if failed else self._enter(None)

        self._task(workflow.FAILED.function, self.making.failed(error), recorded)

    def _choose(self, step: ForEach, tasks: list[str]) -> None:
        if self.over:
            return
        if not tasks:
            self._enter(step.without)
        else:
            self.account.move(partial(self._map, step, tasks))

    def _map(self, step: ForEach, tasks: list[str]) -> None:
        """As many at a time as may be; the first that fails ends it."""
        most, left, state = self.account.quotas.at_once, iter(tasks), {"open": len(tasks)}
        at_once = min(most, MAX_INLINE_TASKS) if len(tasks) <= MAX_INLINE_TASKS else most

        def ended(failed: str | None) -> None:
            state["open"] -= 1
            if failed and state["open"] >= 0:
                state["open"] = -1
                self._fail(failed)
            elif state["open"] == 0:
                self._enter(step.then)
            elif state["open"] > 0:
                self._next(step, left, ended)

        for _ in range(at_once):
            self._next(step, left, ended)

    def _next(self, step: ForEach, left: Iterator[str], ended: Done) -> None:
        function = next(left, None)
        if function is None or self.over:
            return
        task = partial(self._task, function, self.making.work(function, 0), ended)
        if step.function:
            task()
        else:
            self.account.move(task)  # Which function: a state of its own.

    def _task(self, function: str, work: Step, done: Done) -> None:
        seconds = self.making.seconds(function)
        _Task(self, function, seconds, work, done).ask()


@dataclass
class _Task:
    """A state that calls a function until one is free. Each try is a transition."""

    execution: Execution
    function: str
    seconds: float
    work: Step
    done: Done
    tries: int = 0

    def ask(self) -> None:
        if not self.execution.over:
            self.execution.account.move(self._call)

    def _call(self) -> None:
        account = self.execution.account
        if self.execution.over:
            return
        if account.call(self.function, self.seconds, self.work, self._ended):
            return
        if self.tries >= TRIES:
            self.done("Lambda.TooManyRequestsException")
            return
        longest_s = min(LONGEST_S, FIRST_S * GROWS ** min(self.tries, 40))
        self.tries += 1
        account.after(account.random.random() * longest_s, self.ask)

    def _ended(self, failed: str | None) -> None:
        if not self.execution.over:
            self.done(failed)
