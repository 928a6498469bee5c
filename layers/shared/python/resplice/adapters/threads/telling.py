"""Telling in threads of this process: a pool of its own, so that a receiver that hangs holds up no
render.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from resplice.adapters.threads.executions import ThreadExecutions
from resplice.errors import StorageError

TOLD_AT_ONCE = 16


class ThreadTelling:
    """Implements ports.telling.Telling, from when it begins: before that it forgets."""

    def __init__(self) -> None:
        self._threads: ThreadExecutions | None = None

    def begin(self, deliver: Callable[[str], object], owner_of: Callable[[str], str]) -> None:
        """deliver: tells the end of a project. owner_of: whose it is; owners take turns."""
        self._threads = ThreadExecutions(deliver, owner_of, TOLD_AT_ONCE)

    def tell(self, project_id: str) -> None:
        if self._threads:
            with suppress(StorageError):
                self._threads.start(project_id)

    def stop(self, timeout_s: float) -> bool:
        """Begin nothing more; whether what was told ended in time."""
        return self._threads.stop(timeout_s) if self._threads else True
