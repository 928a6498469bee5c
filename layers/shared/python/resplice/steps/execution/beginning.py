"""Beginning: an accepted movie, or the document of a project, to a run of the workflow.

Nothing is made here. A run whose name says so proves the movie of a project: see core.proof.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from resplice.core.document.strict_json import parse
from resplice.core.proof import is_proof, project_proven
from resplice.errors import Ended
from resplice.ports import Ports
from resplice.ports.projects import TERMINAL, Project
from resplice.steps import media
from resplice.steps.execution.coalesce import mark_started
from resplice.steps.execution.dispatch import ACCEPTED, BEGAN_MS, dispatch
from resplice.steps.movie_cache import Outcome, look_up
from resplice.steps.pipeline.accept import Accepted, accept, uncollected

HIT = "hit"
"""The movie of the cache that a run proves."""


def prepare(
    run: str, attempt: int, ended_round: int, ports: Ports, first: int = 1
) -> dict[str, Any]:
    """The first round of a project, which begins it, or the next one. first: see dispatch.

    Raises DocumentError, MakeError, Ended, NotFound, StorageError.
    """
    if not ended_round:
        begin(run, ports)
    return dispatch(run, attempt, ended_round, ports, first)


def begin(project_id: str, ports: Ports) -> None:
    """Mark the project's execution as begun, and accept its document, unless that was done before.

    Raises DocumentError, Ended, StorageError.
    """
    if is_proof(project_id):
        begin_proof(project_id, accepted_now(project_proven(project_id), ports), ports)
        return
    project = ports.projects.get(project_id)
    if project is None or project.status in TERMINAL:
        raise Ended(f"the project {project_id} has ended already")
    mark_started(project, ports)
    ports.projects.advance(project_id, "Preparing")
    if not ports.checkpoints.has(project_id, ACCEPTED):
        ports.checkpoints.save(project_id, ACCEPTED, _accepted(project, ports), Accepted)
    ports.checkpoints.save(project_id, BEGAN_MS, ports.clock.now_ms(), int)


def begin_with(run: str, accepted: Accepted, ports: Ports) -> None:
    """Begin a run that belongs to no project."""
    ports.checkpoints.save(run, ACCEPTED, accepted, Accepted)
    ports.checkpoints.save(run, BEGAN_MS, ports.clock.now_ms(), int)


def keep_hit(run: str, movie_key: str, ports: Ports) -> None:
    """Keep which movie a run is to prove: the one that the cache has. Raises Ended when it has
    none, StorageError.
    """
    hit = look_up(movie_key, ports)
    if hit is None:
        raise Ended("The movie is not in the cache any more")
    ports.checkpoints.save(run, HIT, hit, Outcome)


def begin_proof(run: str, accepted: Accepted, ports: Ports) -> None:
    """Begin a run that belongs to no project, and proves the movie that was kept for it.

    Raises Ended when the document would lead to another one now, NotFound, StorageError.
    """
    if ports.checkpoints.load(run, HIT, Outcome).report.key != accepted.key:
        raise Ended("The movie would be made anew now, as it has another key")
    begin_with(run, replace(accepted, bypass=True, proves=True), ports)


def accepted_now(project_id: str, ports: Ports) -> Accepted:
    """The document of a project, as it would be taken now. Raises DocumentError, Ended,
    StorageError.
    """
    project = ports.projects.get(project_id)
    if project is None or not project.document or project.deleted_at_ms is not None:
        raise Ended("The document is not there any more")
    return replace(_accepted(project, ports), bounded=None)


def _accepted(project: Project, ports: Ports) -> Accepted:
    """Raises DocumentError."""
    own = ports.of(project.owner)
    with uncollected():
        document, files_allowed = parse(project.document), ports.files_allowed
        accepted = accept(
            document,
            own.tools,
            own.offers,
            ports.components.all,
            files_allowed=files_allowed,
        )
    return replace(
        media.as_now(accepted, own),
        elements_only=project.elements_only,
        stills=project.stills,
        bounded=project.bounded,
    )
