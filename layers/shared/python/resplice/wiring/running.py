"""How projects are executed by the server of one machine: one at a time each, within limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from resplice.adapters.disk.alone import alone, sweep
from resplice.adapters.disk.room import DiskRoom
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.deadline import Deadline
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.limits import LimitedWeb
from resplice.steps.execution.local import execute
from resplice.steps.execution.progress import ProjectProgress
from resplice.steps.messages import log_failure
from resplice.wiring.limits import MB, MachineLimits
from resplice.wiring.local import own_run
from resplice.wiring.pools import Pools

WHOLE = 24
"""How many times the limit of an execution a movie may wait for others and be executed."""
LAST_BYTES = 64 * MB
"""With less on the disk what runs pays for nothing more: its end takes what is left."""


def limited(ports: Ports, folder: Path, limits: MachineLimits) -> Ports:
    """The ports of a machine that takes nothing new in when it has no room, nor waits for ever."""
    execution_ms = limits.execution_ms
    patience = replace(ports.patience, execution_ms=execution_ms, deadline_ms=WHOLE * execution_ms)
    room = DiskRoom(folder, limits.free_bytes)
    last = DiskRoom(folder, min(limits.free_bytes, LAST_BYTES))
    return replace(ports, not_ready=room.shortage, no_room=last.shortage, patience=patience)


@frozen
class Runs:
    """Executes projects of the data folder. stopping: whether this process is about to end."""

    folder: Path
    pools: Pools
    limits: MachineLimits
    stopping: Callable[[], bool]

    def tidy(self) -> None:
        """Remove what processes that were killed have left beside. Raises StorageError."""
        sweep(self._executing)

    @property
    def _executing(self) -> Path:
        return self.folder / "executing"

    def execute(self, project_id: str, coalescer: Coalescer) -> None:
        """Unless another process is at it, or there is no room: then it stays as it is, for a later
        sweep.
        """
        project = coalescer.ports.projects.peek(project_id)
        if project is None or coalescer.ports.not_ready():
            return
        with alone(self._executing, project_id) as is_ours:
            if is_ours:
                self._execute(project, coalescer)

    def _execute(self, project: Project, coalescer: Coalescer) -> None:
        deadline = Deadline.of(project, coalescer.ports)
        with self._own(project, deadline, coalescer.ports) as ports:
            progress = ProjectProgress(project.id, ports, self.stopping)
            own = replace(coalescer, ports=ports)
            end = execute(project.id, own, progress, deadline=deadline)
        if isinstance(end, Exception):
            log_failure(end, project.id)

    @contextmanager
    def _own(self, project: Project, deadline: Deadline, ports: Ports) -> Iterator[Ports]:
        """Ports for one execution, which takes no more than the limits."""
        limits = self.limits
        web = LimitedWeb(ports, deadline, limits.download_bytes)
        with own_run(
            ports,
            self.folder,
            self.pools,
            project.owner,
            limits.stored_bytes,
            waits=lambda: not self.stopping(),
        ) as own:
            yield replace(own, web=web)
