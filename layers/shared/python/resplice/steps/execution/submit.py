"""Submit: an accepted movie to a project: done at once when it is in the cache, else executed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from resplice.core.caching import joins
from resplice.ports.projects import Project
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.record import add_done
from resplice.steps.movie_cache import Outcome, look_up
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.random_text import random_text

PROJECT_ID_CHARS = 16


@dataclass(frozen=True)
class Submission:
    """What a project needs to know of a movie that was accepted.

    key: of the movie cache; None: it is not to be looked up. The movie itself is not here: it is
    large, and this goes from process to process.
    document: what is rendered. submitted: what was sent, when that is the call of a template.
    """

    document: str
    movie_id: str | None
    client_data: Any
    key: str | None
    submitted: str | None = None

    @classmethod
    def of(cls, accepted: Accepted, document: str, submitted: str | None = None) -> Submission:
        movie = accepted.movie
        key = accepted.key if joins(movie) else None
        return cls(document, movie.id, movie.client_data, key, submitted)


def new_project(submission: Submission, owner: str, coalescer: Coalescer) -> Project:
    """A project that is stored nowhere yet."""
    return Project(
        id=random_text(PROJECT_ID_CHARS),
        owner=owner,
        document=submission.document,
        created_at_ms=coalescer.ports.clock.now_ms(),
        movie_key=submission.key,
        caller_id=submission.movie_id,
        client_data=submission.client_data,
        submitted=submission.submitted,
    )


def in_cache(project: Project, coalescer: Coalescer) -> Outcome | None:
    """The project's movie, when it may come from the cache and is there."""
    return look_up(project.movie_key, coalescer.ports) if project.movie_key else None


def begin(project: Project, hit: Outcome | None, coalescer: Coalescer) -> None:
    """Store the project: as done when its movie is there, else to be executed.

    Raises StorageError.
    """
    if hit:
        add_done(project, hit, coalescer.ports)
        return
    coalescer.ports.projects.add(project)
    coalescer.start(project)
