"""A picture of one colour. Made up, for a test."""

from __future__ import annotations

from resplice.core.tasks.task import Task
from resplice.frozen import frozen


@frozen
class TintTask(Task):
    """A picture, in pixels, that is `#rrggbb` all over."""

    colour: str
    width: int
    height: int
