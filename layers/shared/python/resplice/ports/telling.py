"""Telling: what is entered in the outbox, told soon."""

from __future__ import annotations

from typing import Protocol


class Telling(Protocol):
    """In the background. It may forget: what is due in the outbox is looked for again and again."""

    def tell(self, project_id: str) -> None:
        """Let somebody tell the project's end. Raises nothing."""
        ...
