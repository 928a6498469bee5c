"""Projects: every accepted submit, from its first moment to its end.

Times are milliseconds since the epoch, UTC, of the caller's clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Any, Literal, Protocol

from resplice.core.exports.targets import Target
from resplice.core.quotas import KeyBounds
from resplice.core.wanted_stills import Stills
from resplice.frozen import frozen
from resplice.ports.objects import StoredFacts

ProjectStatus = Literal["pending", "running", "done", "error", "timeout"]
ProjectKind = Literal["movie", "still", "elements"]
TERMINAL: frozenset[ProjectStatus] = frozenset({"done", "error", "timeout"})


@frozen
class MovieFile:
    """A movie that is made. key: of the object that holds it; ass: of the one with its subtitles,
    if it has some; thumbnail: of its poster. width, height: pixels. expires_at_ms: until when it is
    surely kept; None where age removes nothing. gone: whether that object was looked for and was
    not there; never recorded. manifest: of what says what it was made of.
    """

    key: str
    duration_s: float
    size_bytes: int
    width: int
    height: int
    ass: str | None = None
    thumbnail: str | None = None
    expires_at_ms: int | None = None
    gone: bool = False
    manifest: str | None = None


@frozen
class Project:
    """One accepted submit.

    movie_key    the key of the movie layer, which it shares with equal ones; None when it is made
                 by itself
    caller_id, client_data   what the document says under `id` and `client-data`, any JSON
    report       what the movie was made from, as core.report writes it
    submitted    what was sent, when that is not the document: the call of a template
    deleted_at_ms  when its owner deleted it; what it says of its movie is of the past then
    exports      where it is sent when it has ended, with their secrets: never to be shown
    after        the id of the project that the caller says it was before, whosever that is
    elements_only  whether the elements of its movie are made, and nothing is rendered: it shares
                 with none, and is done without a movie, unless that was in the cache when it came
    stills       what is looked at of its movie, which is not rendered: it is elements_only too, but
                 done with a picture in place of the movie, at once where that is in the cache
    bounded      the bounds of the API key that it was posted with, if that has some, as they then
                 were
    """

    id: str
    owner: str
    document: str
    created_at_ms: int
    movie_key: str | None = None
    caller_id: Any = None
    client_data: Any = None
    status: ProjectStatus = "pending"
    message: str = ""
    ended_at_ms: int | None = None
    movie: MovieFile | None = None
    report: StoredFacts | None = None
    submitted: str | None = None
    deleted_at_ms: int | None = None
    exports: tuple[Target, ...] = field(default=(), repr=False)
    after: str | None = None
    elements_only: bool = False
    bounded: KeyBounds | None = None
    stills: Stills | None = None

    @property
    def kind(self) -> ProjectKind:
        """What is made, or would have been."""
        if self.stills:
            return "still"
        return "elements" if self.elements_only else "movie"


@frozen
class Ending:
    """How a project ends. status: one of TERMINAL. The names are those of Project."""

    status: ProjectStatus
    message: str
    ended_at_ms: int
    movie: MovieFile | None = None
    report: StoredFacts | None = None


class Projects(Protocol):
    """What was written is read by whoever reads next, but for `list` and `unfinished`, which go
    over many projects: they may be a moment behind.
    """

    def add(self, project: Project) -> None:
        """Raises StorageError when the id is taken. One that has ended, and has exports, is in the
        outbox from the same moment.
        """
        ...

    def get(self, project_id: str) -> Project | None: ...

    def peek(self, project_id: str) -> Project | None:
        """As get, but that its document, which may be megabytes, is left out: it is empty."""
        ...

    def advance(self, project_id: str, message: str) -> bool:
        """Let it be running, with this message. False, and nothing changed, when it is unknown or
        has ended.
        """
        ...

    def end(self, project_id: str, ending: Ending) -> bool:
        """End it. False, and nothing changed, when it is unknown or has ended: a terminal state
        is reached exactly once. If it has exports, its end is in the outbox from the same moment.
        """
        ...

    def delete(self, project_id: str, deleted_at_ms: int) -> bool:
        """Note that it is deleted: it stays listed. False, and nothing changed, when it is unknown,
        has not ended, or was deleted before.
        """
        ...

    def list(
        self,
        owner: str,
        since_ms: int,
        until_ms: int,
        limit: int,
        before: tuple[int, str] | None = None,
    ) -> Sequence[Project]:
        """The first `limit` of the owner's projects created in [since_ms, until_ms), newest first,
        of one millisecond the greatest id first. before: (created_at_ms, id) that all come after.
        """
        ...

    def unfinished(self) -> Sequence[str]:
        """The ids of all projects that are in no terminal state, oldest first."""
        ...
