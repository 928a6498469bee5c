"""Expected: what a movie that was accepted would have made and paid first. Reads the cache, writes
nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from resplice.core.caching import revalidates
from resplice.core.document.problems import joined
from resplice.core.document.strict_json import parse
from resplice.core.estimate import AROUND_S, Estimate, Machine, Measured, estimate
from resplice.core.pieces import SegmentTask
from resplice.core.prices import Cost, Total, total
from resplice.core.sources import ElementTask, lacks
from resplice.core.tasks import Task
from resplice.errors import DocumentError, MakeError
from resplice.ports import Ports
from resplice.steps import media
from resplice.steps.element_cache import holds
from resplice.steps.execution.budget import expected
from resplice.steps.execution.dispatch import Round, Search, gather, once
from resplice.steps.execution.submit import Submission
from resplice.steps.pipeline.accept import Accepted, accept, uncollected, with_versions
from resplice.steps.pipeline.plan import Planned, Work
from resplice.steps.pipeline.prepare import Preparation


def whole(submission: Submission, ports: Ports) -> Accepted:
    """The movie of the submission, which may not hold it. Raises DocumentError, StorageError."""
    movie = submission.accepted or accepted_again(submission.document, ports)
    if lacking := joined(lacks(movie.movie)):
        raise DocumentError(lacking)
    return with_versions(movie, media.versions(movie.media, ports.owner, ports))


def accepted_again(document: str, ports: Ports) -> Accepted:
    """A document that was accepted before. Raises DocumentError."""
    with uncollected():
        sent = parse(document)
        return accept(sent, ports.tools, ports.offers, ports.components.all, lacking_allowed=True)


def first_tasks(movie: Accepted, run: str, ports: Ports) -> tuple[Preparation, list[ElementTask]]:
    """What is in the cache already, and what would be made first: there may be more once that is.

    Raises MakeError, StorageError.
    """
    preparation = Preparation(movie.movie, movie.offers, dict(movie.versions))
    search = Search(run, ports, revalidates(movie.movie), verify=False)
    _, todo = gather(preparation, Round(), search)
    return preparation, todo


def due(todo: Sequence[ElementTask], run: str, ports: Ports) -> Total:
    """What would be paid for it, by list prices."""
    return total(to_be_paid(todo, run, ports).values())


def to_be_paid(todo: Sequence[ElementTask], run: str, ports: Ports) -> dict[Task, Cost]:
    """What of it costs anything, by list prices. Bytes that are there cost nothing, whatever else
    is not known of them.
    """
    paid = list(expected([*once(todo).values()]))
    there = ports.lookups.map(lambda each: holds(each[0], ports, run), paid)
    found = zip(paid, there, strict=True)
    return {wanted.task: cost for (wanted, cost), held in found if not held}


def due_micro_usd(submission: Submission, ports: Ports) -> int:
    """As far as it is known. What is wrong with the movie its project says. ports: of its owner.
    Raises StorageError.
    """
    run = uuid.uuid4().hex
    try:
        _, todo = first_tasks(whole(submission, ports), run, ports)
    except (DocumentError, MakeError):
        return 0
    return due(todo, run, ports).micro_usd


def took(
    planned: Planned, ports: Ports, around_s: float = AROUND_S, more: Iterable[Measured] = ()
) -> Estimate:
    """How long rendering what is planned should take. around_s, more: of a render before; see
    core.estimate.
    """
    canvas = planned.plan.timeline.canvas
    machine = Machine(ports.pieces_at_once, is_shared=not ports.own_disk)
    known = [*more, *measured(planned.done())]
    pixels = canvas.width * canvas.height
    return estimate(measured(planned.misses().values()), known, pixels, machine, around_s)


def measured(work: Iterable[Work]) -> list[Measured]:
    """Of the pieces that are pictures."""
    return [
        Measured(
            *(each.task.frames, each.task.kinds(), each.scene),
            took_ms=each.render_ms,
            beside=each.beside,
        )
        for each in work
        if isinstance(each.task, SegmentTask)
    ]
