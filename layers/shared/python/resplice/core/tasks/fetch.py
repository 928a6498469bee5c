"""A download."""

from __future__ import annotations

from dataclasses import dataclass

from resplice.core.tasks.task import Task


@dataclass(frozen=True)
class FetchTask(Task):
    """The bytes behind a URL. A URL is not content: only this task is keyed by it."""

    url: str
