"""Local: executions in this process, from a stored project to its end.

Whatever happens, the project ends in a terminal state, unless the program is about to stop: then
it is left as it is, for the next start to take up. While it is executed its lease is renewed, so
that when this process dies another one takes over after a few seconds.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from resplice.core.proof import Proof, run_of
from resplice.core.report import Report
from resplice.core.wanted_stills import Stills
from resplice.errors import Ended, QuotaExceeded, RespliceError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.projects import TERMINAL, ProjectStatus
from resplice.steps.deadline import NEVER, Deadline
from resplice.steps.execution import dispatch, proving, stages
from resplice.steps.execution.ahead import Ahead
from resplice.steps.execution.beginning import begin_proof, begin_with, keep_hit
from resplice.steps.execution.coalesce import STOPPED, Coalescer, lease_key
from resplice.steps.execution.complete import Completed, complete, fail, relieve
from resplice.steps.execution.executor import Function, WorkflowExecutor, functions_of
from resplice.steps.execution.progress import Stopped, Watcher
from resplice.steps.execution.proving import Sampled
from resplice.steps.leasing import renewed
from resplice.steps.messages import user_message
from resplice.steps.movie_cache import Outcome, look_up
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.pipeline.plan import Planned
from resplice.steps.pipeline.stills import Pictures, made


def execute(
    project_id: str,
    coalescer: Coalescer,
    watcher: Watcher,
    accepted: Accepted | None = None,
    deadline: Deadline = NEVER,
) -> Outcome | Exception | None:
    """Take the project to its end: its movie, or what it failed with, which is recorded then.

    None when there was nothing to do, or nothing to render, or it was stopped, or had ended before
    its movie was there. accepted: what its document says, when this process knows it. When the
    deadline is over, what was begun may go on a little.
    Raises StorageError when the end cannot be recorded.
    """
    ports = coalescer.ports
    project = ports.projects.peek(project_id)
    if project is None or project.status in TERMINAL:
        return None
    if accepted:
        ports.checkpoints.save(project_id, dispatch.ACCEPTED, accepted, Accepted)

    completed: Completed | None = None

    def finish(given: Any) -> None:
        nonlocal completed
        completed = complete(given["project"], coalescer)

    def check(key: str) -> None:
        deadline.check()
        watcher.frames(key, 0)

    ahead = Ahead(project_id, ports, check)
    functions = {**functions_of(ports, watcher, deadline, ahead=ahead), "finish": finish}
    try:
        with (
            closing(ahead),
            renewed(lease_key(project), project_id, ports.patience.lease_ms, ports),
        ):
            WorkflowExecutor(ports, functions, deadline=deadline).run(project_id)
            return completed.outcome if completed else None
    except Stopped:
        coalescer.give_up(project)
        return None
    except Ended:
        relieve(project_id, coalescer)
        return None
    except Exception as error:
        is_late = deadline.is_over()
        status: ProjectStatus = "timeout" if is_late else "error"
        message = deadline.words() if is_late else user_message(error)
        beyond_quota = isinstance(error, QuotaExceeded)
        fail(project_id, status, message, coalescer, beyond_quota=beyond_quota)
        return error
    except BaseException:
        coalescer.end_alone(project, "error", STOPPED)
        raise
    finally:
        ports.checkpoints.forget(project_id)


def explain(accepted: Accepted, ports: Ports) -> tuple[Report, Planned]:
    """What a render would be served from. Makes the elements, whose lengths a plan needs.

    Raises DocumentError, MakeError, StorageError.
    """
    with _alone(accepted, ports) as run:
        _executor(run, ports).run(run, until="Plan")
        planned, report, _ = stages.plan_only(run, ports)
    if not accepted.bypass and look_up(accepted.key, ports):
        report = replace(report, result="hit")
    return report, planned


def look(accepted: Accepted, wanted: Stills, ports: Ports) -> tuple[Report, Seen]:
    """Make pictures of the movie, and what is missing for them, in a run that belongs to no
    project. Providers are paid as the ports allow.

    Raises DocumentError, MakeError, RenderError, StorageError.
    """
    found = list[str]()

    def movie(given: Any) -> None:
        found[:] = made(_pictures(given["project"], ports), ports)

    own = replace(accepted, elements_only=True, stills=replace(wanted, pays=True))
    with _alone(own, ports) as run:
        _executor(run, ports, movie=movie).run(run, until="Finish")
        pictures = _pictures(run, ports)
        return stages.planned_run(run, ports).report, Seen(tuple(found), pictures.frames)


def prove(read: Callable[[], Accepted], sampled: Sampled | None, ports: Ports) -> Proof:
    """Make a movie anew, the one that was sampled if it was, and compare it with the one that the
    cache has, which is mended where they differ. What cannot be done is told as unproven.
    """
    run = run_of(sampled.project if sampled else "", uuid.uuid4().hex)
    try:
        accepted = read()
        keep_hit(run, sampled.key if sampled else accepted.key, ports)
        begin_proof(run, accepted, ports)
        _executor(run, ports).run(run, until="Finish")
        return proving.settle(run, ports)
    except RespliceError as error:
        return proving.unproven(run, user_message(error), ports)
    finally:
        proving.clear(run, ports)
        ports.checkpoints.forget(run)


@frozen
class Seen:
    """The keys of pictures, and the numbers of the frames that are seen in them."""

    keys: tuple[str, ...]
    frames: tuple[int, ...]


def _pictures(run: str, ports: Ports) -> Pictures:
    pictures = stages.planned_run(run, ports).pictures
    assert pictures is not None
    return pictures


@contextmanager
def _alone(accepted: Accepted, ports: Ports) -> Iterator[str]:
    """A run of the movie that belongs to no project, while the context lasts."""
    run = uuid.uuid4().hex
    begin_with(run, accepted, ports)
    try:
        yield run
    finally:
        ports.checkpoints.forget(run)


def _executor(run: str, ports: Ports, **functions: Function) -> WorkflowExecutor:
    """Begins no project. functions: in place of those of the workflow."""

    def prepare(given: Any) -> Any:
        return dispatch.dispatch(run, given["attempt"], given["round"], ports)

    return WorkflowExecutor(ports, {**functions_of(ports), "prepare": prepare, **functions})
