"""Landing: what the end of an execution means for its project, and for all that wait with it.

Each of these may be called twice, or again after it died at any line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from resplice import errors
from resplice.core.report import Report
from resplice.errors import (
    DocumentError,
    MakeError,
    NotFound,
    RespliceError,
    StorageError,
    family,
)
from resplice.ports import Ports
from resplice.ports.projects import Project, ProjectStatus
from resplice.steps.execution.checkpoint import leave, left
from resplice.steps.execution.coalesce import LOST, OVERDUE, Coalescer
from resplice.steps.execution.dispatch import BEGAN
from resplice.steps.execution.ending import NO_STORE, done, failed, words
from resplice.steps.execution.run import publish
from resplice.steps.execution.stages import outcome_of

VERDICT = "verdict"
MANY_FAILED = "States.ExceedToleratedFailureThreshold"
"""All that is told of the failures in a movie of many scenes."""
STOPPED = "The rendering was stopped"
T = TypeVar("T")


@dataclass(frozen=True)
class Ended:
    """How a project ended, to be counted. report: None when it failed."""

    status: ProjectStatus
    report: Report | None
    wall_ms: int


def land(project_id: str, flights: Coalescer) -> Ended | None:
    """The execution has made the movie: end its project and all that wait for it.

    None when there is nothing to end. Raises NotFound, StorageError.
    """
    ports = flights.ports
    project = ports.projects.get(project_id)
    if project is None:
        return None
    outcome = outcome_of(project_id, ports)
    publish(outcome.report.key, outcome.stored, left(project_id, BEGAN, int, ports), ports)
    ended = done(project, outcome, ports)
    flights.leave(project)
    flights.land_of(project)
    return _ended(project, "done", outcome.report, ports) if ended else None


def crash(project_id: str, error: Mapping[str, Any], flights: Coalescer) -> Ended | None:
    """A step failed for good. error: Error and Cause, as the workflow has them.

    When it failed because the project had ended before, that says nothing about its movie.
    """
    if error.get("Error") == errors.Ended.__name__:
        _relieve(project_id, flights)
        return None
    status, message = _verdict(project_id, error, flights.ports)
    return _crash(project_id, status, message, flights)


def stopped(project_id: str, status: str, flights: Coalescer) -> Ended | None:
    """The execution ended without a word of its own. status: FAILED, TIMED_OUT or ABORTED.

    When somebody stopped it, one of those that wait takes over.
    """
    if status == "TIMED_OUT":
        return _crash(project_id, "timeout", OVERDUE, flights)
    if status != "ABORTED":
        return _crash(project_id, "error", LOST, flights)
    project = flights.ports.projects.get(project_id)
    if project is None:
        return None
    ended = failed(project_id, "error", STOPPED, flights.ports)
    flights.leave(project)
    flights.land_of(project)
    return _ended(project, "error", None, flights.ports) if ended else None


def with_verdict(project_id: str, step: Callable[[], T], ports: Ports) -> T:
    """The step's result. What it has against the document is left whole: errors travel cut."""
    try:
        return step()
    except (DocumentError, MakeError) as error:
        leave(project_id, VERDICT, words(error, project_id), str, ports)
        raise type(error)(error.problems[:1]) from None


def _crash(
    project_id: str, status: ProjectStatus, message: str, flights: Coalescer
) -> Ended | None:
    ports = flights.ports
    project = ports.projects.get(project_id)
    if project is None or project.status == "done":
        _relieve(project_id, flights)
        return None
    ended = failed(project_id, status, message, ports)
    flights.leave(project)
    flights.crash_of(project, lambda each: failed(each.id, status, message, ports))
    return _ended(project, status, None, ports) if ended else None


def _relieve(project_id: str, flights: Coalescer) -> None:
    """A project that has ended leads no longer: who waits gets the movie, or takes over."""
    project = flights.ports.projects.get(project_id)
    if project:
        flights.leave(project)
        flights.land_of(project)


def _ended(project: Project, status: ProjectStatus, report: Report | None, ports: Ports) -> Ended:
    return Ended(status, report, ports.clock.now_ms() - project.created_at_ms)


def _verdict(project_id: str, error: Mapping[str, Any], ports: Ports) -> tuple[ProjectStatus, str]:
    """What the caller is told of an error that came through the workflow."""
    name = str(error.get("Error", ""))
    if name in (DocumentError.__name__, MakeError.__name__):
        try:
            return "error", left(project_id, VERDICT, str, ports)
        except NotFound:
            pass
    if "Timeout" in name or "Timedout" in name:
        return "timeout", OVERDUE
    if name == MANY_FAILED:
        return "error", "A scene could not be rendered"
    if name in family(StorageError):
        return "error", NO_STORE
    known = name in family(RespliceError)
    return "error", _message(error) if known else "Internal error"


def _message(error: Mapping[str, Any]) -> str:
    try:
        return str(json.loads(error["Cause"])["errorMessage"])
    except (KeyError, TypeError, ValueError):
        return "Internal error"
