"""Waves: a movie's elements handed out, to be made elsewhere.

Asked again after each wave, until nothing is unknown. Who makes something leaves word of what came
of it; who left nothing never came to an end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from resplice.core.document.paths import DocumentPath
from resplice.core.document.problems import problem_at
from resplice.core.document.strict_json import parse
from resplice.core.facts import content_key
from resplice.core.sources import ElementTask
from resplice.core.tasks import FetchTask, PaintTask, Task
from resplice.errors import Ended, NotFound
from resplice.ports import Ports
from resplice.ports.projects import TERMINAL
from resplice.steps.element import (
    Batch,
    TaskOutcome,
    TaskResult,
    TaskResults,
    answered,
    answers_name,
    share_name,
    stored,
)
from resplice.steps.execution.checkpoint import leave, leave_all, left, tasks_state
from resplice.steps.execution.coalesce import board
from resplice.steps.pipeline.accept import Accepted, accept
from resplice.steps.pipeline.prepare import Gathering, Prepared

DOCUMENT, PREPARED, BEGAN = "document", "prepared", "began"
PAINTS_A_SHARE = 12
"""One browser paints them faster than many browsers start."""
WAVES_A_HEAL = 100
LOST = "could not be made in time"


@dataclass(frozen=True)
class Round:
    """What is known up to now, what was asked for, by path, and how many new shares that makes."""

    known: TaskResults = ()
    asked: tuple[DocumentPath, ...] = ()
    shares: int = 0


def hand_out(project_id: str, heals: int, ended: int | None, ports: Ports) -> dict[str, Any]:
    """What others are to make now, as the state of a workflow; no tasks when all is there.

    ended: number of the wave before, from 1; None at first. heals: how often the run has begun
    anew, then it looks whether what is there is as it was.
    Raises DocumentError, MakeError, Ended, NotFound, StorageError.
    """
    accepted = _begin(project_id, ports) if ended is None else accepted_of(project_id, ports)
    before = Round() if ended is None else _heard(project_id, ended, ports)
    number = heals * WAVES_A_HEAL + 1 if ended is None else ended + 1
    gathering = Gathering(accepted.movie)
    look = _Look(project_id, ports, not accepted.movie.cache, verify=heals > 0 and ended is None)
    known, todo = _gather(gathering, before, look)
    shares = _shares(todo, revalidate=look.revalidate)
    if not shares:
        leave(project_id, PREPARED, gathering.prepared(), Prepared, ports)
        ports.projects.advance(project_id, "Rendering")
    names = [share_name(number, index) for index in range(len(shares))]
    leave_all(project_id, dict(zip(names, shares, strict=True)), Batch, ports)
    asked = (*before.asked, *(want.path for want in todo))
    leave(project_id, _name(number), Round(known, asked, len(shares)), Round, ports)
    tasks = [{"function": _maker(share), "index": index} for index, share in enumerate(shares)]
    items = f"{_name(number)}-items"
    return tasks_state(project_id, items, tasks, ports, heals=heals, wave=number)


def accepted_of(project_id: str, ports: Ports) -> Accepted:
    """The run's movie, from the document that its first step left."""
    return accept(parse(left(project_id, DOCUMENT, str, ports)), ports.tools)


def _begin(project_id: str, ports: Ports) -> Accepted:
    project = ports.projects.get(project_id)
    if project is None or project.status in TERMINAL:
        raise Ended(f"the project {project_id} has ended already")
    leave(project_id, DOCUMENT, project.document, str, ports)
    leave(project_id, BEGAN, ports.clock.now_ms(), int, ports)
    board(project, ports)
    ports.projects.advance(project_id, "Preparing")
    return accept(parse(project.document), ports.tools)


def _heard(project_id: str, ended: int, ports: Ports) -> Round:
    """The wave that has ended, with what its shares left word of."""

    def heard(index: int) -> TaskResults:
        try:
            return left(project_id, answers_name(ended, index), TaskResults, ports)
        except NotFound:
            return ()

    wave = left(project_id, _name(ended), Round, ports)
    words = chain.from_iterable(ports.fetchers.map(heard, range(wave.shares)))
    place = {path: number for number, path in enumerate(wave.asked)}
    in_order = sorted(words, key=lambda answer: place[answer.path])
    return replace(wave, known=(*wave.known, *in_order))


@dataclass(frozen=True)
class _Look:
    """Looks for elements in the cache. verify: that bytes are what they were, one after another:
    what is damaged is gone after that.
    """

    run: str
    ports: Ports
    revalidate: bool
    verify: bool

    def __call__(self, want: ElementTask) -> TaskOutcome | None:
        made = stored(want, self.ports, self.run, probing=False)
        unsure = self.revalidate and isinstance(want.task, FetchTask)
        if not made or (unsure and made.result == "hit"):
            return None
        return made if not self.verify or self._intact(made) else None

    def all(self, wants: Sequence[ElementTask]) -> Iterable[TaskOutcome | None]:
        return map(self, wants) if self.verify else self.ports.fetchers.map(self, wants)

    def _intact(self, made: TaskOutcome) -> bool:
        try:
            with self.ports.objects.open(content_key(made.facts.digest)):
                return True
        except NotFound:
            return False


def _gather(
    gathering: Gathering, before: Round, look: _Look
) -> tuple[TaskResults, list[ElementTask]]:
    """Take what is known and what is there; all of that, and what is left to be made.

    Nothing is asked for twice, and what is known stays: others may make the same anew meanwhile.
    """
    known, asked = list(before.known), {*before.asked}
    for answer in known:
        gathering.take(answer)
    while wave := gathering.wave():
        forced = {want.task for want in wave if want.forced}
        wanted = [replace(want, forced=want.task in forced) for want in wave]
        answers = [
            answered(want, made) if made else _lost(want)
            for want, made in zip(wave, look.all(wanted), strict=True)
            if made or want.path in asked
        ]
        for answer in answers:
            gathering.take(answer)
        known += answers
        if not answers:
            return tuple(known), wave
    return tuple(known), []


def _lost(want: ElementTask) -> TaskResult:
    return TaskResult(want.path, want.type, problem=problem_at([*want.path], LOST))


def _shares(wants: Sequence[ElementTask], *, revalidate: bool) -> list[Batch]:
    """Each download by itself, paintings together; equal tasks in one share."""
    by_task: dict[Task, list[ElementTask]] = {}
    for want in wants:
        by_task.setdefault(want.task, []).append(want)
    fetches = [group for task, group in by_task.items() if isinstance(task, FetchTask)]
    paints = [group for task, group in by_task.items() if isinstance(task, PaintTask)]
    together = [
        [want for group in paints[first : first + PAINTS_A_SHARE] for want in group]
        for first in range(0, len(paints), PAINTS_A_SHARE)
    ]
    return [Batch(tuple(group), revalidate) for group in (*fetches, *together)]


def _maker(share: Batch) -> str:
    return "element" if isinstance(share.wants[0].task, FetchTask) else "paint"


def _name(wave: int) -> str:
    return f"wave-{wave}"
