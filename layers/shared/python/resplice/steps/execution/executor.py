"""The executor of one process: follows the workflow, with threads where there are many tasks.

It is the local counterpart of the state machine: the same steps in the same order, from the same
data (core.workflow). What each step does is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from typing import Any

from resplice.core import workflow
from resplice.core.workflow import ForEach
from resplice.errors import NotFound
from resplice.ports import Ports
from resplice.steps import makers
from resplice.steps.execution import dispatch, stages
from resplice.steps.execution.dispatch import tasks_of
from resplice.steps.execution.progress import Unwatched, Watcher
from resplice.steps.pipeline.element import make_batch

State = Mapping[str, Any]
Function = Callable[[State], Any]
BATCHES_AT_ONCE = 16
"""Threads that wait for batches; the work itself is done by the ports' executors."""


def functions_of(ports: Ports, watched: Watcher | None = None) -> dict[str, Function]:
    """Each function of the workflow but `finish`, by name, as it is called with its inputs.

    watched: who is told how the run goes on.
    """
    watcher = watched or Unwatched()

    def prepare(given: State) -> State:
        return dispatch.prepare(given["project"], given["attempt"], given["round"], ports)

    def make_elements(given: State) -> None:
        own = ports.of(given["owner"])
        make_batch(given["project"], given["round"], given["index"], own, watcher.made)

    def scene(given: State) -> None:
        own = ports.of(given["owner"])
        stages.make_task(given["project"], given["index"], own, watcher.frames)

    def plan(given: State) -> State:
        own = ports.of(given["owner"])
        state = stages.plan_run(given["project"], given["attempt"], own)
        if watched:
            watched.planned(stages.planned_run(given["project"], ports).segments)
        return state

    def movie(given: State) -> State:
        watcher.joining()
        stages.join_run(given["project"], ports.of(given["owner"]))
        return {"project": given["project"]}

    return {
        "prepare": prepare,
        **dict.fromkeys(makers.functions(), make_elements),
        "plan": plan,
        "scene": scene,
        "movie": movie,
    }


class WorkflowExecutor:
    """Takes runs through the workflow. functions: what each function does, by name."""

    def __init__(
        self,
        ports: Ports,
        functions: Mapping[str, Function],
        batches_at_once: int = BATCHES_AT_ONCE,
    ) -> None:
        self._ports, self._functions = ports, functions
        self._batches_at_once = batches_at_once

    def run(self, run: str, until: str | None = None) -> None:
        """Every step in turn, or up to the step called `until`, which is left out.

        Raises what a step raised, when beginning anew does not help.
        """
        name: str | None = workflow.FIRST
        state: State = workflow.first_state(run)
        while name != until and name is not None:
            step = workflow.step(name)
            try:
                state, name = self._do(step, state)
            except NotFound:
                attempt = state["attempt"] + 1
                if not step.restarts or attempt > workflow.MAX_ATTEMPTS:
                    raise
                state, name = workflow.first_state(run, attempt), workflow.FIRST

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
                if not step.records:
                    raise

        tasks = iter(tasks_of(state, self._ports))
        with self._pool(step) as (pool, at_once):
            _in_turn(pool, at_once, (partial(one, task) for task in tasks))

    @contextmanager
    def _pool(self, step: ForEach) -> Iterator[tuple[Executor, int]]:
        """Where the calls of a step run, and how many at a time: movies that are rendered side by
        side take turns. Batches wait for the executor that makes elements, so they have another.
        """
        if not step.waits:
            yield self._ports.renderers, self._ports.renders_at_once
            return
        pool = ThreadPoolExecutor(self._batches_at_once, "batch")
        try:
            yield pool, self._batches_at_once
        finally:
            # What is left was interrupted, and nobody waits for it.
            pool.shutdown(wait=False, cancel_futures=True)


def _in_turn(pool: Executor, at_once: int, calls: Iterator[Callable[[], None]]) -> None:
    running: set[Future[None]] = set()
    try:
        while True:
            for call in calls:
                running.add(pool.submit(call))
                if len(running) >= at_once:
                    break
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
    except Exception:
        for future in running:
            future.cancel()
        wait(running)
        raise
