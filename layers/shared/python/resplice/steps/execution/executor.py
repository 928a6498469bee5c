"""The executor of one process: follows the workflow, with threads where there are many tasks.

It is the local counterpart of the state machine: the same steps in the same order, from the same
data (core.workflow). What each step does is not known here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent import futures
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from resplice.core import workflow
from resplice.core.workflow import ForEach
from resplice.errors import NotFound
from resplice.ports import Ports
from resplice.steps import makers
from resplice.steps.deadline import NEVER, Deadline, bounded
from resplice.steps.execution import beginning, stages
from resplice.steps.execution.ahead import Ahead
from resplice.steps.execution.dispatch import known_in, tasks_of
from resplice.steps.execution.progress import Unwatched, Watcher
from resplice.steps.execution.stages import PlannedRun
from resplice.steps.pipeline.element import TaskResult, make_batch

State = Mapping[str, Any]
Function = Callable[[State], Any]
BATCHES_AT_ONCE = 16
"""Threads that wait for batches; the work itself is done by the ports' executors."""


def functions_of(
    ports: Ports,
    watched: Watcher | None = None,
    deadline: Deadline = NEVER,
    first_round: int = 1,
    ahead: Ahead | None = None,
) -> dict[str, Function]:
    """Each function of the workflow but `finish`, by name, as it is called with its inputs.

    watched: who is told how the run goes on. deadline: when it has to end. first_round:
    see dispatch. ahead: who renders scenes before all elements are there.
    """
    watcher = watched or Unwatched()

    def prepare(given: State) -> State:
        with bounded("Preparing the movie", deadline, ports):
            where = (given["project"], given["attempt"], given["round"])
            state = beginning.prepare(*where, ports, first_round)
        if ahead and state["count"]:
            ahead.made(known_in(state, ports))
        return state

    def make_elements(given: State) -> None:
        own = ports.of(given["owner"])

        def on_made(result: TaskResult) -> None:
            watcher.made()
            if ahead:
                ahead.made([result])

        make_batch(given["project"], given["round"], given["index"], own, on_made, deadline)

    def scene(given: State) -> None:
        own = ports.of(given["owner"])
        stages.make_task(given["project"], given["index"], own, watcher.frames, deadline)

    def plan(given: State) -> State:
        own = ports.of(given["owner"])
        underway = ahead.underway() if ahead else frozenset()
        with bounded("Planning the movie", deadline, own):
            state = stages.plan_run(given["project"], given["attempt"], own, underway)
        if ahead or watched:
            record = stages.planned_run(given["project"], ports)
            watcher.planned(record.segments)
            _keep(ahead, record, watcher)
        return state

    def movie(given: State) -> State:
        own = ports.of(given["owner"])
        if ahead:
            _settle(ahead, given["project"], own, watcher, deadline)
        watcher.joining()
        with bounded("Joining the movie", deadline, own):
            stages.join_run(given["project"], own)
        return {"project": given["project"]}

    return {
        "prepare": prepare,
        **dict.fromkeys(makers.functions(), make_elements),
        "plan": plan,
        "scene": scene,
        "movie": movie,
    }


def _keep(ahead: Ahead | None, record: PlannedRun, watcher: Watcher) -> None:
    """Of what is made ahead, what is in the plan."""
    if ahead:
        ahead.keep(record.joining.unknown if record.joining else (), watcher.frames)


def _settle(ahead: Ahead, run: str, ports: Ports, watcher: Watcher, deadline: Deadline) -> None:
    """What was begun ahead is there then; what failed is made again, and says why."""
    for work in ahead.settle():
        stages.make_piece(work, run, ports, watcher.frames, deadline)


class WorkflowExecutor:
    """Takes runs through the workflow. functions: what each function does, by name."""

    def __init__(
        self,
        ports: Ports,
        functions: Mapping[str, Function],
        batches_at_once: int = BATCHES_AT_ONCE,
        deadline: Deadline = NEVER,
        *,
        lenient: bool = True,
    ) -> None:
        """lenient: failures that a function has recorded end nothing."""
        self._ports, self._functions, self._deadline = ports, functions, deadline
        self._batches_at_once, self._lenient = batches_at_once, lenient

    def run(self, run: str, until: str | None = None) -> None:
        """Every step in turn, or up to the step called `until`, which is left out.

        Raises what a step raised, when beginning anew does not help; and LimitReached.
        """
        name: str | None = workflow.FIRST
        state: State = workflow.first_state(run)
        while name != until and name is not None:
            state, name = self.advance(name, state)

    def advance(self, name: str, state: State) -> tuple[State, str | None]:
        """Do the step of that name: (the state after it, the next step). That is the first one
        again when something stored is gone. Raises as `run`.
        """
        self._deadline.check()
        step = workflow.step(name)
        try:
            with self._ports.trace.span(step.name, "step"):
                return self._do(step, state)
        except NotFound:
            attempt = state["attempt"] + 1
            if not step.restarts or attempt > workflow.MAX_ATTEMPTS:
                raise
            return workflow.first_state(state["project"], attempt), workflow.FIRST

    def _do(self, step: workflow.Step, state: State) -> tuple[State, str | None]:
        """(the state after the step, the next step)."""
        if isinstance(step, ForEach):
            if not state["count"]:
                return state, step.without
            self._each(step, state)
            return state, step.then
        result = self._call(step.function, step.inputs, state)
        return ({**state, **result} if result else state), step.then

    def _call(self, function: str, inputs: tuple[str, ...], given: State) -> Any:
        return self._functions[function]({name: given[name] for name in inputs})

    def _each(self, step: ForEach, state: State) -> None:
        """Call the function of every task. The first failure stops what has not begun, and is
        raised, unless the function has recorded it.
        """

        def one(task: State) -> None:
            try:
                self._call(step.function or task["function"], step.inputs, {**state, **task})
            except Exception:
                if not (step.records and self._lenient):
                    raise

        tasks = tasks_of(state, self._ports)
        with self._pool(step) as pool:
            _all(pool, (partial(one, task) for task in tasks), self._deadline)

    @contextmanager
    def _pool(self, step: ForEach) -> Iterator[Executor]:
        """Where the calls of a step run. Batches wait for the executors that make elements, so
        they have threads of their own.
        """
        if not step.waits:
            yield self._ports.renderers
            return
        pool = ThreadPoolExecutor(self._batches_at_once, "batch")
        try:
            yield pool
        finally:
            # What is left was interrupted, and nobody waits for it.
            pool.shutdown(wait=False, cancel_futures=True)


def _all(pool: Executor, calls: Iterable[Callable[[], None]], deadline: Deadline) -> None:
    """Make every call; the first that fails stops those that have not begun. When the time is over
    nothing more is waited for.
    """
    failed = threading.Event()

    def one(call: Callable[[], None]) -> None:
        try:
            if not failed.is_set():
                call()
        except BaseException:
            failed.set()
            raise

    made = [pool.submit(one, call) for call in calls]
    try:
        for future in futures.as_completed(made, deadline.left_s()):
            future.result()
    except Exception:
        begun = [future for future in made if not future.cancel()]
        futures.wait(begun, deadline.left_s())
        deadline.check()
        raise
