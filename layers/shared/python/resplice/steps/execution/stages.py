"""Stages: plan, scene and movie of a run whose steps are far apart.

Each reads what the one before left, does its part as everywhere, and leaves its own. Called
twice, or again after it died at any line, it ends where one call would, and makes nothing twice.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from resplice.core.keys import segment_key, sound_key
from resplice.core.pieces import MixTask, RowTask, SegmentTask
from resplice.core.report import Report
from resplice.errors import NotFound, RenderError, RespliceError
from resplice.ports import Ports
from resplice.steps.execution import checkpoint as handover
from resplice.steps.execution.checkpoint import has, leave, leave_all, left, tasks_state
from resplice.steps.execution.dispatch import BEGAN, PREPARED, accepted_of
from resplice.steps.execution.run import Outcome, reported
from resplice.steps.pipeline import movie as movie_step
from resplice.steps.pipeline import scene as scene_step
from resplice.steps.pipeline.movie import Joining, joining
from resplice.steps.pipeline.plan import Work, made_by, plan_movie
from resplice.steps.pipeline.prepare import Prepared

PLAN, MOVIE = "plan", "movie"


@dataclass(frozen=True)
class Blueprint:
    """What is left of the plan when its scenes are made."""

    joining: Joining
    report: Report
    planned_at_ms: int


def plan_run(project: str, heals: int, ports: Ports) -> dict[str, Any]:
    """Cut the movie into tasks; those that are not in the cache, as the state of a workflow.

    Raises DocumentError, NotFound, StorageError; and RenderError when it is planned again because
    of a task that can only fail again.
    """
    start_ms = ports.clock.now_ms()
    if heals:
        _stop_if_failed(project, ports)
    accepted = accepted_of(project, ports)
    prepared = left(project, PREPARED, Prepared, ports)
    planned = plan_movie(accepted.movie, prepared.facts, ports, project)
    todo = list(planned.misses().values())
    leave_all(project, {_task_name(n): work for n, work in enumerate(todo)}, Work, ports)
    tasks: list[dict[str, Any]] = [{"index": index} for index in range(len(todo))]
    now_ms = ports.clock.now_ms()
    laps_ms = {
        "elements": max(0, start_ms - left(project, BEGAN, int, ports)),
        "plan": now_ms - start_ms,
    }
    report = replace(reported(accepted, prepared, planned), timings_ms=laps_ms)
    leave(project, PLAN, Blueprint(joining(planned), report, now_ms), Blueprint, ports)
    return tasks_state(project, f"{PLAN}-items", tasks, ports, heals=heals)


def make_task(project: str, index: int, ports: Ports) -> None:
    """Make a task of the plan, unless it is made. Raises RenderError, NotFound, StorageError.

    A workflow of many tasks tells only that one failed: the words of what can only fail again are
    left for the next plan.
    """
    try:
        _make_task(project, index, ports)
    except RespliceError as error:
        if not (error.retry or isinstance(error, NotFound)):
            _leave_failure(project, index, str(error), ports)
        raise


def _make_task(project: str, index: int, ports: Ports) -> None:
    work = left(project, _task_name(index), Work, ports)
    found = ports.objects.head(work.key)
    if made_by(project, found) or (found and work.result != "bypass"):
        return
    if work.key != _key(work, ports):
        raise RenderError("the plan was made by another version")
    scene_step.make(work.task, work.key, ports, project)


def _leave_failure(project: str, index: int, words: str, ports: Ports) -> None:
    with ports.scratch.scratch() as folder:
        path = folder / "words.txt"
        path.write_text(words, "utf-8")
        ports.objects.put(_failure_key(project, str(index)), path, {})


def _stop_if_failed(project: str, ports: Ports) -> None:
    for stored in ports.objects.list(_failure_key(project, "")):
        with ports.objects.open(stored.key) as path:
            raise RenderError(path.read_text("utf-8"))


def _failure_key(project: str, name: str) -> str:
    """Among the scenes: who makes them may write nowhere else."""
    return f"scenes/failed/{handover.key(project, name).removeprefix('runs/')}"


def join_run(project: str, ports: Ports) -> None:
    """Make the movie of its pieces. Raises RenderError, NotFound, StorageError."""
    if has(project, MOVIE, ports):
        return
    start_ms = ports.clock.now_ms()
    blueprint = left(project, PLAN, Blueprint, ports)
    try:
        joined = movie_step.join(blueprint.joining, ports, project)
    except NotFound:
        _weed(blueprint.joining, ports)
        raise
    report = blueprint.report
    laps_ms = {
        **report.timings_ms,
        "scenes": max(0, start_ms - blueprint.planned_at_ms),
        "movie": ports.clock.now_ms() - start_ms,
    }
    told = replace(report, timings_ms=laps_ms, rendered_ms=report.rendered_ms + joined.made_ms)
    leave(project, MOVIE, Outcome(joined.stored, told), Outcome, ports)


def _weed(work: Joining, ports: Ports) -> None:
    """Damaged pieces are gone when somebody opened them: all of them, to be made again at once."""
    joined: list[RowTask | MixTask] = [*work.rows, *([work.mix] if work.mix else [])]
    keys = {stretch.key for each in joined for stretch in each.stretches}
    keys |= {piece.key for piece in work.stitch.pieces}
    for key in keys | {work.mix_key}:
        if key:
            with suppress(NotFound), ports.objects.open(key):
                pass


def outcome_of(project: str, ports: Ports) -> Outcome:
    """The run's movie. Raises NotFound."""
    return left(project, MOVIE, Outcome, ports)


def _task_name(index: int) -> str:
    return f"task-{index}"


def _key(work: Work, ports: Ports) -> str:
    if isinstance(work.task, SegmentTask):
        return segment_key(work.task, ports.tools)
    return sound_key(work.task, ports.tools)
