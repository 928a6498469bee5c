"""Dispatch: rounds of element tasks, to be made wherever their makers run.

Dispatch is called again after each round, until nothing is unknown, because one task may need
what another brings: a text needs its font. Whoever makes a batch saves its results. A batch
without saved results did not end, and its tasks count as failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from operator import attrgetter
from typing import Any

from resplice.core.caching import asks_again, revalidates
from resplice.core.document.paths import DocumentPath
from resplice.core.document.problems import problem_at
from resplice.core.facts import content_key
from resplice.core.keys import element_key
from resplice.core.sources import ElementTask, said_path
from resplice.core.tasks import Task, kind_of
from resplice.core.workflow import MAX_INLINE_TASKS
from resplice.errors import NotFound
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.element_cache import TaskOutcome, find, holds
from resplice.steps.execution.bounds import take_dollars
from resplice.steps.execution.budget import check, expected
from resplice.steps.execution.proof_tasks import Begun, keep_before
from resplice.steps.makers import MAKERS, maker_of
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.pipeline.element import (
    Batch,
    TaskResult,
    TaskResults,
    batch_name,
    made,
    results_name,
)
from resplice.steps.pipeline.prepare import Preparation, Prepared

ACCEPTED, PREPARED, BEGAN_MS = "accepted", "prepared", "began"
ROUNDS_PER_ATTEMPT = 100
RENDERING = "Rendering"
"""The message of a project whose elements are there."""
LOST = "could not be made in time"
STILL_PAYS = "a still pays when it is told to, by a POST with pay=true, or --max-cost"


@frozen
class Round:
    """What is known up to now, what was asked for, by path, and how many new batches that makes."""

    known: TaskResults = ()
    asked: tuple[DocumentPath, ...] = ()
    batches: int = 0


def dispatch(
    run: str, attempt: int, ended_round: int, ports: Ports, first: int = 1
) -> dict[str, Any]:
    """What is to be made now, as the state of the workflow; no tasks when all is there.

    ended_round: number of the round before, from 1; 0 at first. attempt: how often the run has
    begun anew; then it looks whether what is there is as it was. first: number of the first round;
    another one for each process that may begin the run, as what one has stored of a round is
    not for the round of another, which is cut otherwise.
    Raises MakeError, CostRefused, QuotaExceeded, NotFound, StorageError.
    """
    accepted = ports.checkpoints.load(run, ACCEPTED, Accepted)
    movie, ports = accepted.movie, ports.of(accepted.owner, accepted.bounded)
    if movie.content_credentials and not ended_round and not accepted.proves:
        from resplice.steps.credentials import require  # Late: few movies ask for them.

        require(accepted, ports)
    before = _ended(run, ended_round, ports) if ended_round else Round()
    number = ended_round + 1 if ended_round else attempt * ROUNDS_PER_ATTEMPT + first
    preparation = Preparation(
        movie, accepted.offers, dict(accepted.versions), proves=accepted.proves
    )
    again = revalidates(movie) and not accepted.proves
    search = Search(run, ports, again, verify=attempt > 0)
    known, todo = gather(preparation, before, search)
    if accepted.proves:
        keep_before(run, Begun(attempt, ended_round), known, todo, ports)
    most, way_out = _most_cost(accepted, ports)
    _check_cost(run, attempt, known, todo, most, way_out, ports)
    batches = _batches(todo, revalidate=search.revalidate)
    if not batches:
        ports.checkpoints.save(run, PREPARED, preparation.prepared(), Prepared)
        if not accepted.elements_only:
            ports.projects.advance(run, RENDERING)
    named = {batch_name(number, index): batch for index, batch in enumerate(batches)}
    ports.checkpoints.save_all(run, named, Batch)
    asked = (*before.asked, *(wanted.path for wanted in todo))
    ports.checkpoints.save(run, _name(number), Round(known, asked, len(batches)), Round)
    tasks = [
        {"function": maker_of(batch.tasks[0].task).function, "index": index}
        for index, batch in enumerate(batches)
    ]
    return tasks_state(run, _name(number), tasks, ports, attempt=attempt, round=number)


def known_in(state: Mapping[str, Any], ports: Ports) -> TaskResults:
    """What is known when the round of that state begins."""
    return ports.checkpoints.load(state["project"], _name(state["round"]), Round).known


def _most_cost(accepted: Accepted, ports: Ports) -> tuple[int | None, str]:
    """What may be paid for it, as _check_cost takes it, and how more would be."""
    if accepted.stills is None:
        return ports.max_cost_micro_usd, ""
    return ports.max_cost_micro_usd if accepted.stills.pays else 0, STILL_PAYS


def _check_cost(
    run: str,
    attempt: int,
    known: TaskResults,
    todo: Sequence[ElementTask],
    most: int | None,
    way_out: str,
    ports: Ports,
) -> None:
    """Before anybody is paid. most: millionths of a dollar, None: any number of them. way_out: as
    of budget.check. Raises CostRefused, QuotaExceeded.
    """
    if most is None and not ports.quotas.most("micro_usd"):
        return
    unmade = [wanted for wanted in todo if not holds(wanted, ports, run)]
    if most is not None:
        check(known, unmade, most, way_out)
    due = {
        element_key(wanted.task, ports.tools): cost.micro_usd or 0
        for wanted, cost in expected(unmade)
    }
    take_dollars(run, attempt, due, ports)


def tasks_state(
    run: str, name: str, tasks: list[dict[str, Any]], ports: Ports, **more: int
) -> dict[str, Any]:
    """The state of the workflow that says what is to be done next: see core.workflow."""
    kind, travels = list[dict[str, Any]], len(tasks) <= MAX_INLINE_TASKS
    return {
        "project": run,
        "owner": ports.owner,
        **more,
        "count": len(tasks),
        "tasks": tasks if travels else [],
        "items": "" if travels else ports.checkpoints.save(run, f"{name}-items", tasks, kind),
    }


def tasks_of(state: Mapping[str, Any], ports: Ports) -> list[dict[str, Any]]:
    """The tasks that a state names, from where they lie when they are many."""
    if len(state["tasks"]) == state["count"]:
        return list(state["tasks"])
    name = state["items"].rpartition("/")[2]
    return ports.checkpoints.load(state["project"], name, list[dict[str, Any]])


def _ended(run: str, number: int, ports: Ports) -> Round:
    """The round that has ended, with what its batches saved.

    Raises NotFound when one of them met something stored that is gone or damaged, or is itself.
    """

    def results_of(index: int) -> TaskResults:
        try:
            return ports.checkpoints.load(run, results_name(number, index), TaskResults)
        except NotFound:
            ports.checkpoints.load(run, batch_name(number, index), Batch)  # Nobody could read it?
            return ()

    ended = ports.checkpoints.load(run, _name(number), Round)
    results = list(chain.from_iterable(ports.lookups.map(results_of, range(ended.batches))))
    if gone := next((result.gone for result in results if result.gone), None):
        raise NotFound(gone)
    place = {path: position for position, path in enumerate(ended.asked)}
    in_order = sorted(results, key=lambda result: place[result.path])
    return replace(ended, known=(*ended.known, *in_order))


@frozen
class Search:
    """Searches the cache for elements. verify: that their bytes are what they were, one after
    another; what is damaged is gone after that.
    """

    run: str
    ports: Ports
    revalidate: bool
    verify: bool

    def __call__(self, wanted: ElementTask) -> TaskOutcome | None:
        outcome = find(wanted, self.ports, self.run)
        if outcome and self.verify and not self._intact(outcome):
            return None
        revalidate = self.revalidate and maker_of(wanted.task).revalidates
        if not outcome or asks_again(outcome.result, revalidate=revalidate):
            return None
        return outcome

    def all(self, tasks: Sequence[ElementTask]) -> Iterable[TaskOutcome | None]:
        return map(self, tasks) if self.verify else self.ports.lookups.map(self, tasks)

    def _intact(self, outcome: TaskOutcome) -> bool:
        try:
            with self.ports.objects.open(content_key(outcome.facts.digest)):
                return True
        except NotFound:
            return False


def gather(
    preparation: Preparation, before: Round, search: Search
) -> tuple[TaskResults, list[ElementTask]]:
    """Add what is known and what is in the cache; all of that, and what is left to be made.

    Nothing is asked for twice, and what is known stays: others may make the same anew meanwhile.
    """
    known, asked = list(before.known), {*before.asked}
    for result in known:
        preparation.add(result)
    while tasks := preparation.next_tasks():
        each = once(tasks)
        found = dict(zip(each, search.all([*each.values()]), strict=True))
        results = [
            made(wanted, outcome) if outcome else _lost(wanted)
            for wanted in tasks
            for outcome in (found[wanted.task],)
            if outcome or wanted.path in asked
        ]
        for result in results:
            preparation.add(result)
        known += results
        if not results:
            return tuple(known), tasks
    return tuple(known), []


def once(tasks: Iterable[ElementTask]) -> Mapping[Task, ElementTask]:
    """Each task once, for one of those that want it: for one that forces it, if any does."""
    return {wanted.task: wanted for wanted in sorted(tasks, key=attrgetter("forced"))}


def _lost(wanted: ElementTask) -> TaskResult:
    return TaskResult(
        wanted.path, wanted.type, problem=problem_at(said_path(wanted.path, wanted.type), LOST)
    )


def _batches(tasks: Sequence[ElementTask], *, revalidate: bool) -> list[Batch]:
    """As many tasks of one kind in a call as its maker takes, kinds in the order of the table;
    equal tasks in one batch.
    """
    groups: dict[Task, list[ElementTask]] = {}
    for wanted in tasks:
        groups.setdefault(wanted.task, []).append(wanted)
    by_maker: dict[str, list[list[ElementTask]]] = {name: [] for name in MAKERS}
    for task, group in groups.items():
        by_maker[kind_of(task).name].append(group)
    return [
        Batch(tuple(chain.from_iterable(those[first : first + size])), revalidate)
        for name, those in by_maker.items()
        for size in (MAKERS[name].max_batch,)
        for first in range(0, len(those), size)
    ]


def _name(number: int) -> str:
    return f"round-{number}"
