"""Stages: plan, scene and movie of a run whose steps may be in different processes.

Each loads what the one before saved, does its part, and saves its own. Called twice, or again
after it died at any line, it ends where one call would, and makes nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from contextlib import suppress
from dataclasses import replace
from operator import attrgetter
from typing import Any

from resplice.core.caching import usable
from resplice.core.credentials import signed_key
from resplice.core.document.limits import MAX_WARNINGS
from resplice.core.piece_keys import piece_key
from resplice.core.pieces import MixTask, RowTask
from resplice.core.proof import PROVEN, is_proof
from resplice.core.report import Report, costs
from resplice.core.warned import first
from resplice.core.workflow import MAX_INLINE_TASKS
from resplice.errors import Ended, FailedBefore, NotFound, RenderError, RespliceError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.steps import manifests
from resplice.steps.deadline import NEVER, Deadline, bounded
from resplice.steps.execution.bounds import take_seconds
from resplice.steps.execution.dispatch import ACCEPTED, BEGAN_MS, PREPARED, tasks_state
from resplice.steps.execution.progress import SegmentState
from resplice.steps.execution.proof_tasks import BEGUN_BEFORE
from resplice.steps.movie_cache import Outcome
from resplice.steps.pipeline import movie as movie_step
from resplice.steps.pipeline import scene as scene_step
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.pipeline.movie import Joining, joining
from resplice.steps.pipeline.plan import (
    MIX,
    Planned,
    Work,
    made_by,
    plan_movie,
    scene_reports,
    transition_reports,
)
from resplice.steps.pipeline.prepare import Prepared
from resplice.steps.pipeline.stills import Pictures, looking, shown_by_name
from resplice.steps.pipeline.together import made_together, shares

PLAN, MOVIE = "plan", "movie"
Share = tuple[Work, ...]
"""What one call makes."""


@frozen
class PlannedRun:
    """What is left of the plan when its pieces are made: how they are joined, and the report.
    joining: None where only elements are wanted, or stills, which are the pictures. before: of a
    proof, the digests of the pieces that were there, by key.
    """

    joining: Joining | None
    report: Report
    segments: tuple[SegmentState, ...]
    planned_at_ms: int
    pictures: Pictures | None = None
    before: tuple[tuple[str, str], ...] = ()


def plan_run(run: str, attempt: int, ports: Ports, underway: Container[str] = ()) -> dict[str, Any]:
    """Cut the movie into tasks; those that are not in the cache, as the state of the workflow.
    Where only elements are wanted there are none, where pictures are, those of stills.
    underway: keys of what others are making already for this run.

    Raises DocumentError, QuotaExceeded, NotFound, StorageError; and FailedBefore when it is planned
    again because of a task that can only fail again.
    """
    start_ms = ports.clock.now_ms()
    if attempt and (message := ports.checkpoints.failure(run)):
        raise FailedBefore(message)
    planned, report, accepted = plan_only(run, ports)
    pictures = None
    if report.result is None:
        work, pictures = looking(accepted, planned.plan, ports, run)
        planned = replace(planned, work=work)
    if accepted.proves:
        if any(work.there for work in planned.work):
            raise Ended(BEGUN_BEFORE)
    else:
        take_seconds(run, attempt, planned, ports.of(ports.owner, accepted.bounded))
    todo = [work for key, work in planned.misses().items() if key not in underway]
    room = report.result and 0 < len(todo) < MAX_INLINE_TASKS
    beside = movie_step.sound_beside(planned, ports, run) if room else []
    todo += beside
    todo = [replace(work, beside=len(todo)) for work in todo]
    named = {task_name(index): share for index, share in enumerate(shares(todo))}
    ports.checkpoints.save_all(run, named, Share)
    now_ms = ports.clock.now_ms()
    began_ms = ports.checkpoints.load(run, BEGAN_MS, int)
    times_ms = {"elements": max(0, start_ms - began_ms), "plan": now_ms - start_ms}
    report = replace(report, timings_ms=times_ms)
    joined = joining(planned, beside) if report.result else None
    record = PlannedRun(
        *(joined, report, _segments(planned), now_ms, pictures),
        before=_before(planned, ports) if accepted.proves else (),
    )
    ports.checkpoints.save(run, PLAN, record, PlannedRun)
    tasks: list[dict[str, Any]] = [{"index": index} for index in range(len(named))]
    return tasks_state(run, PLAN, tasks, ports, attempt=attempt)


def _before(planned: Planned, ports: Ports) -> tuple[tuple[str, str], ...]:
    """The digests of all pieces that are made again, by key."""
    keys = [piece_key(row, ports.tools) for row in planned.rows]
    keys += [planned.mix_key] if planned.mix_key else []
    sound = {each.key: each.digest for each in ports.objects.heads(keys) if each}
    return tuple(({work.key: work.before for work in planned.work if work.before} | sound).items())


def plan_only(run: str, ports: Ports) -> tuple[Planned, Report, Accepted]:
    """The plan of a run whose elements are there, the report as far as it is known then, and what
    was accepted.

    Raises DocumentError, StorageError.
    """
    accepted = ports.checkpoints.load(run, ACCEPTED, Accepted)
    prepared = ports.checkpoints.load(run, PREPARED, Prepared)
    made = accepted.movie, prepared.facts, ports, run, accepted.offers
    planned = plan_movie(*made, proves=accepted.proves)
    report = planned_report(accepted, prepared, planned)
    report = report.of_elements() if accepted.elements_only else report
    return planned, replace(report, made_with=ports.tools.short_name()), accepted


def make_task(
    run: str,
    index: int,
    ports: Ports,
    on_frames: Callable[[str, int], None] | None = None,
    deadline: Deadline = NEVER,
) -> None:
    """Make a task of the plan, which is of one piece or of several, but for what is made.

    Raises RenderError, LimitReached, NotFound, StorageError.

    on_frames: gets a piece's key and how many of its frames are there, now and then; all of
    them only when the piece is stored.
    """
    try:
        _make_task(run, index, ports, on_frames or (lambda key, done: None), deadline)
    except RespliceError as error:
        if not (error.retry or isinstance(error, NotFound)):
            ports.checkpoints.fail(run, task_name(index), str(error))
        raise


def _make_task(
    run: str,
    index: int,
    ports: Ports,
    on_frames: Callable[[str, int], None],
    deadline: Deadline,
) -> None:
    share = ports.checkpoints.load(run, task_name(index), Share)
    found = ports.objects.heads([work.key for work in share])
    todo = [
        work for work, there in zip(share, found, strict=True) if not _is_made(work, there, run)
    ]
    if any(work.key != piece_key(work.task, ports.tools) for work in todo):
        raise RenderError("the plan was made by another version")
    if len(todo) > 1:
        named = f"{_named(todo[0])} and {len(todo) - 1} more"
        with bounded(named, deadline, ports), ports.trace.span(named, "piece"):
            if made_together(todo, ports, run):
                for work in todo:
                    on_frames(work.key, work.frames)
                return
    for work in todo:
        make_piece(work, run, ports, on_frames, deadline)


def _is_made(work: Work, found: StoredObject | None, run: str) -> bool:
    return usable(found=bool(found), own=made_by(run, found), again=work.result == "bypass")


def _named(work: Work) -> str:
    return "The movie's sound" if work.part == MIX else f"Scene #{work.scene + 1}"


def make_piece(
    work: Work, run: str, ports: Ports, on_frames: Callable[[str, int], None], deadline: Deadline
) -> None:
    """Make a piece by itself. Raises as make_task."""

    def rendered(done: int) -> None:
        deadline.check()
        on_frames(work.key, min(done, work.frames - 1))

    with (
        bounded(_named(work), deadline, ports),
        ports.trace.span(f"{_named(work)}, {work.part}", "piece"),
    ):
        scene_step.make(work, ports, run, rendered)
    on_frames(work.key, work.frames)


def join_run(run: str, ports: Ports) -> None:
    """Make the movie of its pieces, if it is wanted. Raises RenderError, NotFound, StorageError."""
    if _is_joined(run, ports):
        return
    start_ms = ports.clock.now_ms()
    record = planned_run(run, ports)
    if record.pictures:
        _save_picture(run, record, record.pictures, ports)
    if record.joining is None:
        return
    try:
        joined = movie_step.join(record.joining, ports, run)
    except NotFound:
        _remove_damaged(record.joining, ports)
        raise
    report = record.report
    times_ms = {
        **report.timings_ms,
        "scenes": max(0, start_ms - record.planned_at_ms),
        "movie": ports.clock.now_ms() - start_ms,
    }
    rendered_ms = report.rendered_ms + joined.made_ms
    report = replace(report, timings_ms=times_ms, rendered_ms=rendered_ms)
    pieces = ((each.key, each.result) for each in record.segments)
    manifest = manifests.write(joined.stored, report, pieces, run, ports)
    files = (joined.stored, report, joined.ass, joined.thumbnail)
    times = (ports.clock.now_ms(), ports.checkpoints.load(run, BEGAN_MS, int))
    outcome = Outcome(*files, *times, manifest)
    ports.checkpoints.save(run, MOVIE, outcome, Outcome)
    if is_proof(run):
        from resplice.steps.execution.proving import judge  # Late: few runs are proofs.

        judge(run, outcome, record.before, ports)


def _is_joined(run: str, ports: Ports) -> bool:
    """And compared, if it is made for that."""
    last = PROVEN if is_proof(run) else MOVIE
    if not ports.checkpoints.has(run, last):
        return False
    movie, *beside = outcome_of(run, ports).files
    found = ports.objects.heads([movie, signed_key(movie), *beside])
    return bool(found[0] or found[1]) and all(found[2:])


def _save_picture(run: str, record: PlannedRun, pictures: Pictures, ports: Ports) -> None:
    """What the project shows in place of a movie."""
    shown = shown_by_name(pictures, ports)
    began_ms = ports.checkpoints.load(run, BEGAN_MS, int)
    # The same picture may have been there, and is made new by its use when half its time is over.
    as_of_ms = ports.clock.now_ms() - (ports.movies_kept_ms or 0) // 2
    outcome = Outcome(shown, record.report, new_at_ms=as_of_ms, began_ms=began_ms)
    ports.checkpoints.save(run, MOVIE, outcome, Outcome)


def planned_run(run: str, ports: Ports) -> PlannedRun:
    """Raises NotFound before the run is planned."""
    return ports.checkpoints.load(run, PLAN, PlannedRun)


def outcome_of(run: str, ports: Ports) -> Outcome:
    """The run's movie. Raises NotFound."""
    return ports.checkpoints.load(run, MOVIE, Outcome)


def planned_report(accepted: Accepted, prepared: Prepared, planned: Planned) -> Report:
    """The report of a run, as far as it is known when the plan is made."""
    hits = [work for work in planned.done() if work.result == "hit"]
    own = [work for work in planned.done() if work.result != "hit"]
    spent, spared = costs(prepared.reports)
    return Report(
        "bypass" if accepted.bypass else "miss",
        accepted.key,
        scene_reports(planned, accepted.movie),
        transition_reports(planned),
        prepared.reports,
        warnings=tuple(first(prepared.warnings + planned.plan.timeline.warnings, MAX_WARNINGS)),
        rendered_ms=sum(work.render_ms for work in own),
        saved_ms=sum(work.render_ms for work in hits),
        spent=spent,
        spared=spared,
        said=accepted.said,
    )


def _segments(planned: Planned) -> tuple[SegmentState, ...]:
    """What is held in several places counts as long as where it is seen longest."""
    seen = [work for work in planned.work if work.frames]
    longest = {work.key: work.frames for work in sorted(seen, key=attrgetter("frames"))}
    return tuple(SegmentState(work.key, longest[work.key], work.result) for work in seen)


def _remove_damaged(work: Joining, ports: Ports) -> None:
    """Opening a damaged piece removes it: open all of them, to make them again at once."""
    joined: list[RowTask | MixTask] = [*work.rows, *([work.mix] if work.mix else [])]
    keys = {stretch.key for each in joined for stretch in each.stretches}
    keys |= {piece.key for piece in work.stitch.pieces}
    for key in keys | {work.mix_key}:
        if key:
            with suppress(NotFound), ports.objects.open(key):
                pass


def task_name(index: int) -> str:
    """The checkpoint of a task of the plan."""
    return f"share-{index}"
