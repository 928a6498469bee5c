"""The lane: a run through the workflow in one process, as far as that is the better way.

It does the steps that core.workflow names, with the same functions and the same keys as anybody.
Where core.lane says that the workflow is to fan out, and where something went wrong that another
try may heal, it hands over: it tells the state, and the step that is next. What it made stays in
the cache, so that nothing is made twice. It ends no project.

A movie that cannot be made fails here as it would there, with the same error.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from resplice.core import lane, workflow
from resplice.core.lane import Way
from resplice.core.pieces import MixTask, RowTask
from resplice.core.proof import PROVEN
from resplice.errors import Ended, LimitReached, NotFound, RespliceError
from resplice.ports import Ports
from resplice.ports.checkpoints import Held
from resplice.ports.functions import Busy, Functions
from resplice.steps.deadline import Deadline
from resplice.steps.execution.bounds import TAKEN
from resplice.steps.execution.dispatch import tasks_of
from resplice.steps.execution.executor import Function, State, WorkflowExecutor, functions_of
from resplice.steps.execution.progress import ProjectProgress, Stopped
from resplice.steps.execution.stages import MOVIE, PLAN, Share, task_name
from resplice.steps.pipeline.element import batch_name

ELEMENTS, PIECES, LAST = "Elements", "Scenes", "Finish"
"""Steps: the two with many tasks, and the one that the lane leaves to others in any case."""
NEXT = "next"
"""The name in the state of what the lane did not do."""

log = logging.getLogger(__name__)


def is_verdict(kind: type[BaseException]) -> bool:
    """Whether an error of that kind ends the movie, wherever it is made: not what another try may
    heal, nor what was too much for the lane.
    """
    of_here = issubclass(kind, LimitReached | NotFound)
    return issubclass(kind, RespliceError) and not (kind.retry or of_here)


class Lane:
    """One run of one project. calls: where it calls what it does not make itself."""

    def __init__(
        self,
        project: str,
        ports: Ports,
        held: Held,
        calls: Functions,
        deadline: Deadline,
        batches_at_once: int = lane.MAX_BATCHES,
    ) -> None:
        """It works on no more tasks at a time than may be, and is itself at one of them."""
        self._project, self._held, self._calls, self._deadline = project, held, calls, deadline
        self._at_once = max(1, min(lane.MAX_PIECES, ports.pieces_at_once))
        self._renderers = ThreadPoolExecutor(self._at_once, "piece")
        self._ports = replace(ports, checkpoints=held, renderers=self._renderers)
        self._alone, self._way = threading.Lock(), Way.HERE
        # As each function does, it writes its progress when a piece is there: writes are paid for.
        self._watcher = ProjectProgress(project, self._ports, lambda: False, math.inf)
        # Who begins the run anew when the lane dies reads nothing of its rounds.
        first_round = ports.clock.now_ms()
        self._own = functions_of(self._ports, self._watcher, deadline, first_round)
        functions = {**self._own, **{name: self._called(name) for name in lane.CALLED}}
        functions["scene"] = self._piece
        self._executor = WorkflowExecutor(
            self._ports, functions, min(batches_at_once, self._at_once), deadline, lenient=False
        )

    def run(self) -> dict[str, Any]:
        """The state after what it did, with the `next` step. Raises verdicts, StorageError."""
        self._held.forget(self._project)
        try:
            return self._run()
        except Stopped:
            raise Ended(f"the project {self._project} has ended already") from None
        finally:
            self._renderers.shutdown(wait=False, cancel_futures=True)
            self._held.forget(self._project)

    def _run(self) -> dict[str, Any]:
        name, reached = workflow.FIRST, self._first()
        while name != LAST:
            if self._leaves(name, reached):
                return self._handed_over(name, reached)
            try:
                after, then = self._executor.advance(name, reached)
                self._held.put_down(self._project, lambda held: held.startswith(TAKEN))
                self._deadline.check()
            except Exception as error:
                if is_verdict(type(error)):
                    raise
                log.warning("project %s: the workflow takes over at %s: %r", *self._at(name), error)
                return self._handed_over(name, reached)
            assert then is not None
            name, reached = then, after
        self._put_down(PROVEN)
        self._put_down(MOVIE if self._held.has(self._project, MOVIE) else PLAN)
        return {**reached, NEXT: name}

    def _first(self) -> State:
        return workflow.first_state(self._project)

    def _at(self, name: str) -> tuple[str, str]:
        return self._project, name

    def _leaves(self, name: str, state: State) -> bool:
        """Whether the workflow is to do the step."""
        if name == ELEMENTS:
            tasks = tasks_of(state, self._ports)
            return not lane.takes_elements([task["function"] for task in tasks])
        if name == PIECES and state["count"]:
            self._way = lane.way_of_pieces([*self._seconds(state["count"])])
            return self._way is Way.FANNED_OUT
        return False

    def _seconds(self, count: int) -> Iterator[float]:
        for index in range(count):
            share = self._held.load(self._project, task_name(index), Share)
            tasks = [work.task for work in share]
            seconds = [lane.seconds_of(t) for t in tasks if not isinstance(t, MixTask | RowTask)]
            if seconds:
                yield sum(seconds)

    def _handed_over(self, name: str, state: State) -> dict[str, Any]:
        """All that the steps after it read is stored. What came of the elements of a round that is
        not over is not: what was made is in the cache, and the rest is tried anew.
        """
        unread = batch_name(state["round"], 0)[:-1] if name == ELEMENTS else None
        self._watcher.write()
        self._held.put_down(
            self._project,
            lambda held: not (unread and held.startswith(unread) and held.endswith("results")),
        )
        return {**state, NEXT: name}

    def _called(self, function: str) -> Function:
        """A batch of elements whose maker is elsewhere."""

        def call(given: State) -> None:
            self._put_down(batch_name(given["round"], given["index"]))
            self._calls.call(function, given)
            self._watcher.made()

        return call

    def _piece(self, given: Mapping[str, Any]) -> None:
        index = given["index"]
        if self._way is Way.CALLED and not lane.is_own(index, self._at_once):
            self._put_down(task_name(index))
            try:
                return self._calls.call("scene", given)
            except Busy:
                pass  # As many run as may: it is made here.
        with self._alone:
            self._deadline.check()
            self._own["scene"](given)
        self._watcher.write()
        return None

    def _put_down(self, name: str) -> None:
        self._held.put_down(self._project, lambda held: held == name)
