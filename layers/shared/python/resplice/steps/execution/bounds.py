"""Bounds: what an execution takes of the bounds of a day (core.quotas.Bounds), each thing once,
before it is done. A step that is called again does not take again.
"""

from __future__ import annotations

from collections.abc import Callable

from resplice.core.prices import Total
from resplice.ports import Ports
from resplice.steps import quotas
from resplice.steps.pipeline.plan import Planned


def take_dollars(run: str, number: int, due: Total, ports: Ports) -> None:
    """What is to be paid in a round. number: of the round. Raises QuotaExceeded, StorageError."""
    if ports.quotas.together.micro_usd is not None and due.micro_usd:
        _once(run, f"dollars-{number}", lambda: quotas.take_dollars(due.micro_usd, ports), ports)


def take_seconds(run: str, attempt: int, planned: Planned, ports: Ports) -> None:
    """What is to be rendered of a plan. Raises QuotaExceeded, StorageError."""
    if ports.quotas.together.seconds is None:
        return
    frames = sum(work.task.frames for work in planned.misses().values())
    seconds = frames / planned.plan.timeline.canvas.fps
    _once(run, f"seconds-{attempt}", lambda: quotas.take_seconds(seconds, ports), ports)


def _once(run: str, name: str, take: Callable[[], None], ports: Ports) -> None:
    if not ports.checkpoints.has(run, name):
        take()
        ports.checkpoints.save(run, name, True, bool)
