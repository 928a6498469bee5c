"""Bounds: what an execution takes of the bounds of a day (core.quotas.Bounds), each thing once,
before it is done. A step that is called again does not take again.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from resplice.errors import NotFound
from resplice.ports import Ports
from resplice.steps import quotas
from resplice.steps.pipeline.plan import Planned, rendered_frames

TAKEN = ("dollars-", "seconds-")
"""What the names of checkpoints begin with that say so: whoever holds them stores them at once."""


def take_dollars(run: str, attempt: int, due: Mapping[str, int], ports: Ports) -> None:
    """What is to be paid in a round, by the keys of what is paid for. A round that is dispatched
    again by another process may hold other work. Raises QuotaExceeded, StorageError.
    """
    if not ports.quotas.most("micro_usd") or not any(due.values()):
        return
    name, kind, taken = f"dollars-{attempt}", tuple[str, ...], tuple[str, ...]()
    with suppress(NotFound):
        taken = ports.checkpoints.load(run, name, kind)
    new = {key: micro_usd for key, micro_usd in due.items() if key not in taken}
    if new:
        quotas.take_dollars(sum(new.values()), ports)
        ports.checkpoints.save(run, name, (*taken, *new), kind)


def take_seconds(run: str, attempt: int, planned: Planned, ports: Ports) -> None:
    """What is to be rendered of a plan. Raises QuotaExceeded, StorageError."""
    if not ports.quotas.most("seconds"):
        return
    name = f"seconds-{attempt}"
    if not ports.checkpoints.has(run, name):
        frames = rendered_frames(planned.work)
        quotas.take_seconds(frames / planned.plan.timeline.canvas.fps, ports)
        ports.checkpoints.save(run, name, True, bool)
