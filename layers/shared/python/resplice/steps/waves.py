"""Waves: a movie's elements handed out, to be made elsewhere.

Asked again after each wave, until nothing is unknown. What was made is found in the cache; what
failed was left by who tried; who left nothing never came to an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from resplice.core.facts import content_key
from resplice.core.schema.problems import problem_at
from resplice.core.sources import FetchTask, PaintTask, Wanted
from resplice.core.strict_json import parse
from resplice.core.timeline import Path
from resplice.errors import Ended, NotFound
from resplice.ports import TERMINAL, Ports
from resplice.steps.accept import Accepted, accept
from resplice.steps.element import Failures, Made, Share, failures_name, share_name, stored
from resplice.steps.flight import board
from resplice.steps.handover import leave, leave_all, left, tasks_state
from resplice.steps.prepare import Gathering, Prepared

DOCUMENT, PREPARED, BEGAN = "document", "prepared", "began"
PAINTS_A_SHARE = 12
"""One browser paints them faster than many browsers start."""
WAVES_A_HEAL = 100
LOST = "could not be made in time"


@dataclass(frozen=True)
class Wave:
    """What was asked for up to now and what of it failed, by path; shares: how many are new.

    answered: of shares with forced ones that came to their end.
    """

    asked: tuple[Path, ...] = ()
    failed: Failures = ()
    shares: int = 0
    answered: tuple[Path, ...] = ()


def hand_out(project_id: str, heals: int, ended: int | None, ports: Ports) -> dict[str, Any]:
    """What others are to make now, as the state of a workflow; no tasks when all is there.

    ended: number of the wave before, from 1; None at first. heals: how often the run has begun
    anew, then it looks whether what is there is as it was.
    Raises DocumentError, MakeError, Ended, NotFound, StorageError.
    """
    accepted = _begin(project_id, ports) if ended is None else accepted_of(project_id, ports)
    before = Wave() if ended is None else left(project_id, _name(ended), Wave, ports)
    number = heals * WAVES_A_HEAL + 1 if ended is None else ended + 1
    gathering = Gathering(accepted.movie)
    before = _heard(project_id, ended, before, ports)
    for path, said in before.failed:
        gathering.fail(path, said)
    todo = _gather(gathering, before, accepted, project_id, ports, verify=heals > 0)
    shares = _shares(todo, revalidate=not accepted.movie.cache)
    if not shares:
        leave(project_id, PREPARED, gathering.prepared(), Prepared, ports)
        ports.records.advance(project_id, "running", message="Rendering")
    names = [share_name(number, index) for index in range(len(shares))]
    leave_all(project_id, dict(zip(names, shares, strict=True)), Share, ports)
    asked = (*before.asked, *(want.path for want in todo))
    wave = Wave(asked, gathering.failures(), len(shares), before.answered)
    leave(project_id, _name(number), wave, Wave, ports)
    tasks = [{"function": _maker(share), "index": index} for index, share in enumerate(shares)]
    items = f"{_name(number)}-items"
    return tasks_state(project_id, items, tasks, ports, heals=heals, wave=number)


def accepted_of(project_id: str, ports: Ports) -> Accepted:
    """The run's movie, from the document that its first step left."""
    return accept(parse(left(project_id, DOCUMENT, str, ports)), ports.tools)


def _begin(project_id: str, ports: Ports) -> Accepted:
    project = ports.records.project(project_id)
    if project is None or project.status in TERMINAL:
        raise Ended(f"the project {project_id} has ended already")
    leave(project_id, DOCUMENT, project.document, str, ports)
    leave(project_id, BEGAN, ports.clock.now_ms(), int, ports)
    board(project, ports)
    ports.records.advance(project_id, "running", message="Preparing")
    return accept(parse(project.document), ports.tools)


def _heard(project_id: str, ended: int | None, before: Wave, ports: Ports) -> Wave:
    """The wave before, with what its shares left word of."""

    def heard(index: int) -> tuple[Failures, tuple[Path, ...]]:
        try:
            failed = left(project_id, failures_name(ended or 0, index), Failures, ports)
            share = left(project_id, share_name(ended or 0, index), Share, ports)
        except NotFound:
            return (), ()
        forced = any(want.forced for want in share.wants)
        return failed, tuple(want.path for want in share.wants) if forced else ()

    words = list(ports.fetchers.map(heard, range(before.shares)))
    failed = (*before.failed, *(each for failures, _ in words for each in failures))
    answered = (*before.answered, *(path for _, paths in words for path in paths))
    return replace(before, failed=failed, answered=answered)


def _gather(
    gathering: Gathering,
    before: Wave,
    accepted: Accepted,
    run: str,
    ports: Ports,
    *,
    verify: bool,
) -> list[Wanted]:
    """Take what is there; what is left. Nothing is asked for twice."""
    revalidate, asked, answered = not accepted.movie.cache, {*before.asked}, {*before.answered}

    def look(want: Wanted) -> Made | None:
        made = stored(want, ports, run, probing=False)
        if not made and want.path in answered:
            made = _by_another(want, ports, run)
        if not made or (verify and not _intact(made, ports)):
            return None
        unsure = revalidate and isinstance(want.task, FetchTask) and made.result == "hit"
        return None if unsure and want.path not in asked else made

    while wave := gathering.wave():
        left_over = []
        forced = {want.task for want in wave if want.forced}
        looked_for = [replace(want, forced=want.task in forced) for want in wave]
        for want, made in zip(wave, ports.fetchers.map(look, looked_for), strict=True):
            if made:
                gathering.take(want, made)
            elif want.path in asked:
                gathering.fail(want.path, problem_at([*want.path], LOST))
            else:
                left_over.append(want)
        if len(left_over) == len(wave):
            return wave
    return []


def _by_another(want: Wanted, ports: Ports, run: str) -> Made | None:
    """What this run was forced to make, when another one has made it again since."""
    made = stored(replace(want, forced=False), ports, run, probing=False)
    return replace(made, result="bypass") if made else None


def _intact(made: Made, ports: Ports) -> bool:
    """Whether the bytes are what they were; damaged ones are gone after this."""
    try:
        with ports.objects.open(content_key(made.facts.digest)):
            return True
    except NotFound:
        return False


def _shares(wants: Sequence[Wanted], *, revalidate: bool) -> list[Share]:
    """Each download by itself, paintings together; equal tasks in one share."""
    by_task: dict[FetchTask | PaintTask, list[Wanted]] = {}
    for want in wants:
        by_task.setdefault(want.task, []).append(want)
    fetches = [group for task, group in by_task.items() if isinstance(task, FetchTask)]
    paints = [group for task, group in by_task.items() if isinstance(task, PaintTask)]
    together = [
        [want for group in paints[first : first + PAINTS_A_SHARE] for want in group]
        for first in range(0, len(paints), PAINTS_A_SHARE)
    ]
    return [Share(tuple(group), revalidate) for group in (*fetches, *together)]


def _maker(share: Share) -> str:
    return "element" if isinstance(share.wants[0].task, FetchTask) else "paint"


def _name(wave: int) -> str:
    return f"wave-{wave}"
