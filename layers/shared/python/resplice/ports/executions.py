"""Executions: who takes stored projects to their end."""

from __future__ import annotations

from typing import Protocol


class Workflow(Protocol):
    """Takes stored projects to their end, in the background."""

    def start(self, project_id: str, movie_key: str | None) -> None:
        """Begin, and return at once. A project that has ended already stays as it is.

        movie_key: equal ones at the same time are made once; None: this one is made by itself.
        """
        ...


class Executions(Protocol):
    """Runs the steps of a project's movie, somewhere, one execution for each project."""

    def start(self, project_id: str) -> bool:
        """Begin, unless it runs already. False when it has run before and ended.

        Raises StorageError.
        """
        ...
