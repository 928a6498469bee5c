"""Progress: how much of a movie's pictures is there, counted by those who make them."""

from __future__ import annotations

from typing import Protocol

ALMOST = 99
"""Percent: all pictures may be there before the movie is."""


class Progress(Protocol):
    """What was written is read by whoever reads next. Every method raises StorageError."""

    def plan(self, project_id: str, frames: int) -> None:
        """So many frames have to be rendered. The first plan stays: a later one finds some of them
        rendered, and progress never goes back.
        """
        ...

    def add(self, project_id: str, frames: int) -> None:
        """So many more of them are there. Atomic; a call whose answer was lost may count twice."""
        ...

    def percent(self, project_id: str) -> int:
        """Of the frames that were planned, ALMOST at most; 0 before a plan."""
        ...


def percent_of(done: int, planned: int) -> int:
    """Of a plan that has been made: where nothing has to be rendered, all of it is there."""
    return min(ALMOST, done * 100 // planned) if planned else ALMOST
