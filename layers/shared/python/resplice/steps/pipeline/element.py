"""Element: makes element tasks, or finds them made; one by one, or a batch that was dispatched."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import replace
from functools import partial

from resplice.core.caching import asks_again, result_of
from resplice.core.document.paths import DocumentPath, json_path
from resplice.core.document.problems import problem_at
from resplice.core.keys import element_key
from resplice.core.provenance import origin_of
from resplice.core.providers import PROVIDERS
from resplice.core.report import Origin
from resplice.core.sources import ElementTask, document_path, place_of, said_path, unsuitable
from resplice.core.tasks import Task, kind_of
from resplice.errors import (
    LimitReached,
    NotFound,
    PaintError,
    Problem,
    ProviderBusy,
    ProviderError,
    RespliceError,
    SourceError,
    SourceInvalid,
)
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.deadline import NEVER, Deadline, bounded
from resplice.steps.element_cache import TaskOutcome, find
from resplice.steps.leasing import alone
from resplice.steps.makers import Job, maker_of
from resplice.steps.messages import user_message

GRACE_SECONDS = 5.0
"""What is made ends by itself with the deadline, and says more."""

STILL_AT_IT = "it is still working on it; try again later"

log = logging.getLogger(__name__)


@frozen
class Batch:
    """Some of a movie's element tasks, to be made in one call. revalidate: see make."""

    tasks: tuple[ElementTask, ...]
    revalidate: bool


@frozen
class TaskResult:
    """What came of the element task at this path: its outcome, or why there is none.

    again: it failed, but trying once more may help. ours: whoever runs the server is to blame, and
    is told when the movie ends with it. gone: something stored that it needs is gone
    or damaged, so that the run is to begin anew. origin: of what was made.
    """

    path: DocumentPath
    type: str
    outcome: TaskOutcome | None = None
    problem: Problem | None = None
    again: bool = False
    ours: bool = False
    gone: str = ""
    origin: Origin | None = None


TaskResults = tuple[TaskResult, ...]


def make(
    wanted: ElementTask,
    ports: Ports,
    *,
    revalidate: bool,
    run: str,
    deadline: Deadline = NEVER,
) -> TaskOutcome:
    """Make the task, from the cache unless it is forced. A run makes it once, however often asked.

    revalidate: ask the other side whether a cached download is still current.
    Raises SourceError, PaintError, ProviderError, LimitReached, NotFound, StorageError.
    """
    with bounded("", deadline, ports):
        return _made(wanted, ports, deadline, revalidate=revalidate, run=run)


def _made(
    wanted: ElementTask, ports: Ports, deadline: Deadline, *, revalidate: bool, run: str
) -> TaskOutcome:
    maker, cached = maker_of(wanted.task), find(wanted, ports, run)
    revalidate = revalidate and maker.revalidates
    if cached and not asks_again(cached.result, revalidate=revalidate):
        return cached
    key = element_key(wanted.task, ports.tools)

    def check() -> None:
        if deadline.is_over():
            raise _late(wanted.task, deadline)

    def made_now() -> TaskOutcome:
        what = f"{kind_of(wanted.task).name} {json_path(wanted.path)}"
        with ports.trace.span(what, "element"), ports.scratch.scratch() as folder:
            job = Job(wanted.task, key, folder, run, wanted.forced, revalidate, cached)
            return maker.make(job, ports)

    if maker.alone:
        outcome = alone(f"make/{key}", lambda: find(wanted, ports, run), made_now, ports, check)
    else:
        check()
        outcome = made_now()
    if wanted.forced:
        return replace(outcome, result=result_of(usable=True, own=True, again=True))
    return outcome


def make_all(
    tasks: Sequence[ElementTask],
    ports: Ports,
    *,
    revalidate: bool,
    run: str,
    on_made: Callable[[TaskResult], None] = lambda result: None,
    deadline: Deadline = NEVER,
) -> Iterator[tuple[TaskResult, RespliceError | None]]:
    """Every task once, whoever wants it; forced when anyone forces it. Each with its error, if it
    failed. What does not end a little after the deadline is no longer waited for. Raises what is
    no error of a task: StorageError, and what nobody foresaw.
    """
    futures: dict[Task, Future[TaskOutcome]] = {}
    a_little_later = deadline.later(GRACE_SECONDS)
    try:
        for wanted in sorted(tasks, key=lambda wanted: not wanted.forced):
            if wanted.task not in futures:
                work = partial(make, revalidate=revalidate, run=run, deadline=deadline)
                pool = maker_of(wanted.task).pool(ports)
                futures[wanted.task] = pool.submit(work, wanted, ports)
        for wanted in tasks:
            try:
                wait([futures[wanted.task]], a_little_later.left_s())
                if not futures[wanted.task].done():
                    raise _late(wanted.task, deadline)
                outcome = futures[wanted.task].result()
            except (SourceError, PaintError, ProviderError, LimitReached, NotFound) as error:
                yield failed(wanted, error), error
            else:
                result = made(wanted, outcome)
                on_made(result)
                yield result, None
    finally:
        for future in futures.values():
            future.cancel()


def _late(task: Task, deadline: Deadline) -> ProviderBusy | LimitReached:
    """What is asked of a provider goes on there: the next call takes up what came of it."""
    if bill := kind_of(task).bill(task):
        return ProviderBusy(PROVIDERS[bill.provider].title, STILL_AT_IT)
    return LimitReached(deadline.words())


def make_batch(
    run: str,
    number: int,
    index: int,
    ports: Ports,
    on_made: Callable[[TaskResult], None] = lambda result: None,
    deadline: Deadline = NEVER,
) -> None:
    """Make a batch of a round, and save what came of it, whatever that is.

    Raises errors after which another try may succeed (SourceUnavailable, StorageError), those of
    a limit, which may be wider elsewhere, and those that nobody foresaw.
    """
    batch, before = ports.checkpoints.load(run, batch_name(number, index), Batch), {}
    name = results_name(number, index)
    with suppress(NotFound):
        loaded = ports.checkpoints.load(run, name, TaskResults)
        before = {result.path: result for result in loaded if not result.again}
    todo = [wanted for wanted in batch.tasks if wanted.path not in before]
    try:
        ended = list(
            make_all(
                *(todo, ports),
                revalidate=batch.revalidate,
                run=run,
                on_made=on_made,
                deadline=deadline,
            )
        )
    except Exception as error:
        log.error("project %s: %s", run, error, exc_info=not isinstance(error, RespliceError))
        unmade = tuple(_unmade(wanted, error) for wanted in todo)
        ports.checkpoints.save(run, name, (*before.values(), *unmade), TaskResults)
        raise
    results = (*before.values(), *(result for result, _ in ended))
    ports.checkpoints.save(run, name, results, TaskResults)
    for _, failure in ended:
        if failure and failure.ours:
            log.error("project %s: %s", run, failure, exc_info=failure)
    for _, failure in ended:
        if failure and (failure.retry or isinstance(failure, LimitReached)):
            raise failure


def batch_name(number: int, index: int) -> str:
    """The checkpoint of a batch. number: of its round."""
    return f"elements-{number}-{index}"


def results_name(number: int, index: int) -> str:
    """The checkpoint of what came of it."""
    return f"{batch_name(number, index)}-results"


def made(wanted: ElementTask, outcome: TaskOutcome) -> TaskResult:
    warnings = tuple(map(wanted.task.told, outcome.warnings))
    told = replace(outcome, warnings=warnings)
    return TaskResult(wanted.path, wanted.type, told, origin=origin_of(wanted.task))


def _unmade(wanted: ElementTask, error: Exception) -> TaskResult:
    """The result of a task whose batch ended with an error of no task."""
    problem = problem_at(said_path(wanted.path, wanted.type), user_message(error))
    ours = not isinstance(error, RespliceError) or error.ours
    return TaskResult(wanted.path, wanted.type, problem=problem, again=True, ours=ours)


def failed(wanted: ElementTask, error: RespliceError) -> TaskResult:
    if isinstance(error, NotFound):
        return TaskResult(wanted.path, wanted.type, gone=str(error))
    problem = _problem(wanted, error)
    return TaskResult(wanted.path, wanted.type, problem=problem, again=error.retry, ours=error.ours)


def _problem(wanted: ElementTask, error: RespliceError) -> Problem:
    """The problem to report for an element that could not be made."""
    if isinstance(error, SourceInvalid):
        message = unsuitable(wanted.type, place_of(wanted.path), error.url, error.reason)
    else:
        message = ": ".join(filter(None, [maker_of(wanted.task).fails, str(error)]))
    of_a_source = isinstance(error, SourceError)
    place = document_path if of_a_source else said_path
    return problem_at(place(wanted.path, wanted.type), message)
