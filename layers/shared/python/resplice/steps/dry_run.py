"""Dry run: what a movie would be served from, what would be rendered and paid, and for how long.

Reads the cache and writes nothing. Lengths that only elements tell which are not made yet are not
known, and then no plan is.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from resplice.core.estimate import AT_ONCE, Estimate
from resplice.core.prices import FREE, Total
from resplice.core.report import Report
from resplice.core.sources import ElementTask
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.execution.stages import planned_report
from resplice.steps.expected import due, first_tasks, took, whole
from resplice.steps.movie_cache import look_up
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.pipeline.plan import Planned, plan_movie
from resplice.steps.pipeline.prepare import Preparation
from resplice.steps.projects import Read, accepted, read_whole


@frozen
class DryRun:
    """report: as far as it is known. unmade: elements that would be made first, as they are asked
    for now: there may be more once these are. planned, took: None until all elements are made.
    due: what would be paid for the unmade.
    """

    report: Report
    unmade: tuple[ElementTask, ...] = ()
    due: Total = FREE
    duration_s: float | None = None
    planned: Planned | None = None
    took: Estimate | None = None


def dry_run(body: bytes, ports: Ports, read: Read = accepted) -> DryRun:
    """ports: those of who asks. Raises DocumentError, MakeError, NotFound, StorageError."""
    submission = read_whole(body, ports, read, keeps=True)
    movie = whole(submission, ports)
    hit = look_up(movie.key, ports) if submission.key else None
    if hit:
        length_s = float(hit.stored.facts["duration"])
        report = replace(hit.report, said=movie.said)
        return DryRun(report, duration_s=length_s, took=AT_ONCE)
    run = uuid.uuid4().hex
    preparation, todo = first_tasks(movie, run, ports)
    if todo:
        return _unplanned(movie, preparation, todo, run, ports)
    prepared = preparation.prepared()
    planned = plan_movie(movie.movie, prepared.facts, ports, run, movie.offers)
    length = planned.plan.timeline
    return DryRun(
        planned_report(movie, prepared, planned),
        duration_s=round(length.frames / length.canvas.fps, 3),
        planned=planned,
        took=took(planned, ports),
    )


def _unplanned(
    movie: Accepted,
    known: Preparation,
    todo: Sequence[ElementTask],
    run: str,
    ports: Ports,
) -> DryRun:
    report = Report(
        "bypass" if movie.bypass else "miss",
        movie.key,
        elements=known.reports(),
        warnings=known.warnings(),
        said=movie.said,
    )
    return DryRun(report, tuple(todo), due(todo, run, ports))
