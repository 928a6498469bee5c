"""A picture of one colour. Made up, for a test."""

from __future__ import annotations

from dataclasses import dataclass

from resplice.core.tasks.task import Task


@dataclass(frozen=True)
class TintTask(Task):
    """A picture, in pixels, that is `#rrggbb` all over."""

    colour: str
    width: int
    height: int
