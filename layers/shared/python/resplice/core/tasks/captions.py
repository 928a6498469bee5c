"""A caption file that is downloaded."""

from __future__ import annotations

from resplice.core.tasks.task import Task
from resplice.frozen import frozen


@frozen
class CaptionsTask(Task):
    """The text behind a URL. What form it has is found when it is read."""

    url: str
