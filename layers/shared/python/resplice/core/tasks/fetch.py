"""A download."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FetchTask:
    """The bytes behind a URL. A URL is not content: only this task is keyed by it."""

    url: str
