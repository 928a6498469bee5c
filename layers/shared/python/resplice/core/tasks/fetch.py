"""A download."""

from __future__ import annotations

from resplice.core.tasks.task import Task
from resplice.frozen import frozen


@frozen
class FetchTask(Task):
    """The bytes behind a URL. A URL is not content: only this task is keyed by it."""

    url: str
