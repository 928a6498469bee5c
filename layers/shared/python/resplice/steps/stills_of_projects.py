"""Stills of projects that exist: who asks again, within a day, is told of the still that was begun
for who asked first. It is a project of its own, as one that is posted is.
"""

from __future__ import annotations

from collections.abc import Callable

from resplice.core.wanted_stills import Stills
from resplice.errors import NotFound
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.expiry import looked_after
from resplice.steps.projects import owned, status
from resplice.steps.repeating import still_for

ATTEMPTS = 16
"""At one still in a day: more of them are those that somebody deletes each time."""
TOLD_MS = 10_000
"""For so long a failure is told before it is tried again, and each time for twice as long."""
DELETED = "The movie was deleted: post its document to have stills of it"


def still_of(
    project_id: str,
    wanted: Stills,
    owner: str,
    ports: Ports,
    post: Callable[[bytes, str], object],
) -> Project:
    """post: begins the still of a document as the project of an id. ports: those of the owner.

    Raises NotFound when there is no such project of the owner, StorageError, and whatever post
    does.
    """
    if owned(ports.projects.peek, project_id, owner).deleted_at_ms is not None:
        raise NotFound(DELETED)
    for attempt in range(ATTEMPTS):
        still_id = still_for(project_id, wanted.said(), attempt, owner, ports)
        if ports.projects.peek(still_id) is None:
            post(status(project_id, owner, ports).document.encode(), still_id)
        (still,) = looked_after([owned(ports.projects.peek, still_id, owner)], ports)
        if not _is_past(still, TOLD_MS << attempt, ports.clock.now_ms()):
            break
    return still


def _is_past(still: Project, told_ms: int, now_ms: int) -> bool:
    """Whether it is to be made anew."""
    if still.deleted_at_ms is not None or (still.movie and still.movie.gone):
        return True
    failed = still.status in ("error", "timeout") and still.ended_at_ms is not None
    return failed and now_ms - (still.ended_at_ms or 0) > told_ms
