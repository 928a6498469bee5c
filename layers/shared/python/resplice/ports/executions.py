"""Executions: the steps of a project's movie, run somewhere, one execution for each project."""

from __future__ import annotations

from typing import Protocol

from resplice.frozen import frozen


class Executions(Protocol):
    """Runs the workflow of projects, in the background."""

    def start(self, project_id: str) -> bool:
        """Begin, unless it runs already. False when it is known to have run before and ended: who
        does not remember that begins again.

        Raises StorageError.
        """
        ...

    def cancel(self, project_id: str) -> None:
        """End the execution of a project that has ended, as soon as can be; no error when there is
        none. What it has made stays.
        """
        ...


@frozen
class Patience:
    """How long executions may take to show that they go on, milliseconds.

    start      until one that was started has begun
    lease      for how long its lease is held then
    renewed    whether who executes renews the lease while it works: then one that runs out shows
               that its process is gone
    execution  the longest that one execution may take
    deadline   the longest that a project may wait and be executed
    """

    start_ms: int
    lease_ms: int
    renewed: bool
    execution_ms: int
    deadline_ms: int
