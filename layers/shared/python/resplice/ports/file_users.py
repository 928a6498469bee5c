"""FileUsers: which projects show which files. Equal movies are one file, which goes with the last
project that shows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class FileUsers(Protocol):
    """The files of a movie go by its own key: that of the object that holds it. What was written is
    read by whoever reads next. Every method raises StorageError.
    """

    def add(self, movie: str, project_id: str, files: Sequence[str]) -> None:
        """The project shows these, the movie among them. Replaces what it showed of it before."""
        ...

    def users(self, movie: str) -> Mapping[str, Sequence[str]]:
        """The files that projects show of the movie, by project."""
        ...

    def drop(self, movie: str, project_id: str) -> None:
        """The project shows nothing of it any more; no error when it never did."""
        ...
