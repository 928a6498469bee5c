"""Complete: what the end of an execution means for its project, and for all that wait with it.

Each of these may be called twice, or again after it died at any line.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from resplice import errors
from resplice.core.prices import FREE
from resplice.core.report import Report
from resplice.errors import (
    DocumentError,
    MakeError,
    NotFound,
    RespliceError,
    StorageError,
    family,
)
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.projects import Project, ProjectStatus
from resplice.steps import manifests, quotas
from resplice.steps.execution.coalesce import LOST, OVERDUE, STOPPED, Coalescer, lease_key
from resplice.steps.execution.record import record_done, record_elements, record_failed
from resplice.steps.execution.stages import outcome_of, planned_run
from resplice.steps.messages import STORE_FAILED, user_message
from resplice.steps.movie_cache import Outcome, forget, publish
from resplice.steps.movie_files import remove, show

VERDICT = "verdict"
MANY_FAILED = "States.ExceedToleratedFailureThreshold"
"""The one error that Step Functions reports for a map of many tasks, whatever failed in it."""

log = logging.getLogger(__name__)


@frozen
class Completed:
    """How a project ended, to be counted. report: None when it failed. outcome: the movie, or the
    still, that it is told of with.
    """

    status: ProjectStatus
    report: Report | None
    wall_ms: int
    outcome: Outcome | None = None


def complete(project_id: str, coalescer: Coalescer) -> Completed | None:
    """The execution has made the movie, or the still or the elements that alone were wanted: end
    its project and all that wait for it.

    None when there is nothing to end. Raises DocumentError for a movie that asks for credentials
    which nobody can sign; NotFound, RenderError, StorageError.
    """
    ports = coalescer.ports
    project = ports.projects.peek(project_id)
    if project is None:
        return None
    if project.elements_only and not project.stills:
        return _complete_elements(project, coalescer)
    outcome = _told_of(project_id, ports)
    if outcome.manifest and project.deleted_at_ms is None:
        manifests.sign(outcome.manifest, outcome.stored.key, ports)
    if project.deleted_at_ms is None and not all(show(project_id, outcome.files, ports)):
        raise NotFound("the movie was removed before it was told of")
    if not project.stills:
        publish(outcome, ports)
    if (outcome.report.spent, outcome.report.spared) != (FREE, FREE):
        log.info("project %s: costs %s", project_id, outcome.report.as_json()["costs"])
    ended = record_done(project, outcome, ports)
    if ended:
        quotas.count(project, outcome, ports)
    else:
        _let_go(project_id, outcome, ports)
    coalescer.release(project)
    coalescer.end_waiting(lease_key(project))
    completed = _completed(project, "done", outcome.report, ports)
    return replace(completed, outcome=outcome) if ended else None


def _told_of(project_id: str, ports: Ports) -> Outcome:
    """The project's movie as it is told of: one that asks for credentials has them from now on.

    Raises as complete.
    """
    outcome = outcome_of(project_id, ports)
    if not outcome.stored.facts.get("credentials"):
        return outcome
    from resplice.steps.signed_movies import credentialed  # Late: few movies ask for them.

    return credentialed(outcome, ports)


def complete_or_fail(project_id: str, coalescer: Coalescer) -> Completed | None:
    """The same where nothing else would say to the project why it cannot end well."""
    try:
        return complete(project_id, coalescer)
    except DocumentError as error:
        return fail(project_id, "error", user_message(error), coalescer)


def _complete_elements(project: Project, coalescer: Coalescer) -> Completed | None:
    """Nobody waits for it."""
    ports = coalescer.ports
    report = planned_run(project.id, ports).report
    ended = record_elements(project, report, ports)
    coalescer.release(project)
    return _completed(project, "done", report, ports) if ended else None


def _let_go(project_id: str, outcome: Outcome, ports: Ports) -> None:
    """The project had ended before: it shows the movie only if that was its end."""
    project, (movie, *_) = ports.projects.peek(project_id), outcome.files
    if project and project.deleted_at_ms is not None:
        forget(outcome.report.key, movie, ports)
        ports.file_users.add(movie, project_id, outcome.files)
        remove(project_id, movie, ports)
    elif project and project.status != "done":
        ports.file_users.drop(movie, project_id)


def fail(
    project_id: str,
    status: ProjectStatus,
    message: str,
    coalescer: Coalescer,
    *,
    beyond_quota: bool = False,
) -> Completed | None:
    """The execution failed for good: end its project, and all that wait for it likewise.

    beyond_quota: it failed at that. What its own API key may have says nothing of those that were
    posted with another one: one of them takes over.
    """
    ports = coalescer.ports
    project = ports.projects.peek(project_id)
    if project is None or project.status == "done":
        relieve(project_id, coalescer)
        return None
    ended = record_failed(project, status, message, ports)
    coalescer.release(project)
    own = project.bounded if beyond_quota else None
    coalescer.fail_waiting(
        project,
        lambda each: record_failed(each, status, message, ports),
        of_key=own.digest if own else None,
    )
    if own:
        coalescer.end_waiting(lease_key(project))
    return _completed(project, status, None, ports) if ended else None


def fail_with(project_id: str, error: Mapping[str, Any], coalescer: Coalescer) -> Completed | None:
    """A step failed for good. error: Error and Cause, as a state machine has them.

    When it failed because the project had ended before, that says nothing about its movie.
    """
    if error.get("Error") == errors.Ended.__name__:
        relieve(project_id, coalescer)
        return None
    status, message = verdict_of(project_id, error, coalescer.ports)
    beyond_quota = error.get("Error") == errors.QuotaExceeded.__name__
    return fail(project_id, status, message, coalescer, beyond_quota=beyond_quota)


def is_fault(error: Mapping[str, Any]) -> bool:
    """Whether what a state machine says of a step is no caller's fault, nor counted by the function
    itself: it was not reached, or died; or it failed at each try with what is ours, which it only
    counts among the tries that may heal. AWS's own names of errors have a point. error: as in
    fail_with.
    """
    name = str(error.get("Error", ""))
    known = family(RespliceError).get(name)
    if known:
        return known.ours and known.retry
    return "." in name and name != MANY_FAILED


def stopped(project_id: str, status: str, coalescer: Coalescer) -> Completed | None:
    """The execution ended, and no step recorded it. status: FAILED, TIMED_OUT or ABORTED.

    When somebody stopped it, one of those that wait takes over.
    """
    if status == "TIMED_OUT":
        return fail(project_id, "timeout", OVERDUE, coalescer)
    if status != "ABORTED":
        return fail(project_id, "error", LOST, coalescer)
    project = coalescer.ports.projects.peek(project_id)
    if project is None:
        return None
    ended = coalescer.end_alone(project, "error", STOPPED)
    return _completed(project, "error", None, coalescer.ports) if ended else None


def save_verdict(project_id: str, error: RespliceError, ports: Ports) -> None:
    """Keep every problem that a step found: a workflow cuts errors short."""
    ports.checkpoints.save(project_id, VERDICT, user_message(error), str)


def relieve(project_id: str, coalescer: Coalescer) -> None:
    """The project has ended, so it gives up its lease: who waits gets the movie, or takes over."""
    project = coalescer.ports.projects.peek(project_id)
    if project:
        coalescer.release(project)
        coalescer.end_waiting(lease_key(project))


def _completed(
    project: Project, status: ProjectStatus, report: Report | None, ports: Ports
) -> Completed:
    return Completed(status, report, ports.clock.now_ms() - project.created_at_ms)


def verdict_of(
    project_id: str, error: Mapping[str, Any], ports: Ports
) -> tuple[ProjectStatus, str]:
    """The status and the message for an error that came through a state machine."""
    name = str(error.get("Error", ""))
    if name in {**family(DocumentError), **family(MakeError)} or name == MANY_FAILED:
        try:
            return "error", ports.checkpoints.load(project_id, VERDICT, str)
        except NotFound:
            pass
    if "Timeout" in name or "Timedout" in name:
        return "timeout", OVERDUE
    if name == MANY_FAILED:
        return "error", "A scene could not be rendered"
    if name in family(StorageError):
        return "error", STORE_FAILED
    known = name in family(RespliceError)
    return "error", _message(error) if known else "Internal error"


def _message(error: Mapping[str, Any]) -> str:
    try:
        return str(json.loads(error["Cause"])["errorMessage"])
    except (KeyError, TypeError, ValueError):
        return "Internal error"
