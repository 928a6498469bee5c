"""Replay: what became of a project's exports, and telling it once more, under the same ids."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from resplice.core.exports.delivery import Delivery
from resplice.errors import Conflict, NotFound
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.deliver.rounds import HOLD_MS, first_deliveries

BUSY = "The exports are being sent right now: ask again when that has ended"


def deliveries_of(project: Project, ports: Ports) -> Sequence[Delivery]:
    """One for each destination, in order."""
    if not project.exports:
        return ()
    entry = ports.outbox.get(project.id)
    return (entry.deliveries if entry else ()) or first_deliveries(project)


def replay(project: Project, ports: Ports, *, everything: bool) -> Sequence[Delivery]:
    """Tell once more what failed, or everything; what was never told too. What became of it so far.

    Raises NotFound when there is nothing to tell, Conflict, StorageError.
    """
    if not project.exports:
        raise NotFound(f"The movie {project.id} has no exports")
    now_ms = ports.clock.now_ms()
    holder = uuid.uuid4().hex
    entry = ports.outbox.claim(project.id, holder, now_ms, now_ms + HOLD_MS, early=True)
    if entry is None:
        unended = project.ended_at_ms is None
        raise Conflict("The movie has not ended: nothing is sent yet" if unended else BUSY)
    wanted = ("failed", "pending", *(("delivered", "skipped") if everything else ()))
    deliveries = [
        each.anew() if each.status in wanted else each
        for each in entry.deliveries or first_deliveries(project)
    ]
    again = any(not each.is_over for each in deliveries)
    entry = replace(entry.noted(deliveries), since_ms=now_ms if again else entry.since_ms)
    ports.outbox.release(entry, now_ms if again else None)
    if again:
        ports.telling.tell(project.id)
    return deliveries
