"""Submit: an accepted movie to a project: done at once when it is in the cache, else executed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from resplice.core.caching import joins
from resplice.core.exports.targets import Target, targets_of
from resplice.core.quotas import KeyBounds
from resplice.core.wanted_stills import Stills
from resplice.frozen import frozen
from resplice.ports.projects import Project
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.record import add_done
from resplice.steps.movie_cache import Outcome, look_up
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.random_text import random_text

PROJECT_ID_CHARS = 16


@frozen
class Submission:
    """What a project needs to know of a movie that was accepted.

    key: of the movie cache; None: it is not to be looked up.
    accepted: the movie itself, only where it is asked for: it is large, and this goes from process
    to process. None also where what is kept is not what was sent.
    document: what is rendered. submitted: what was sent, when that is the call of a template.
    exports: with their secrets. after, elements_only, stills: as in Project. media, said: as
    of Accepted.
    """

    document: str
    movie_id: str | None
    client_data: Any
    key: str | None
    submitted: str | None = None
    exports: tuple[Target, ...] = ()
    after: str | None = None
    media: tuple[str, ...] = ()
    elements_only: bool = False
    said: tuple[str, ...] = ()
    accepted: Accepted | None = None
    stills: Stills | None = None

    @classmethod
    def of(
        cls,
        accepted: Accepted,
        document: str,
        submitted: str | None = None,
        after: str | None = None,
    ) -> Submission:
        movie = accepted.movie
        key = accepted.key if joins(movie) else None
        exports = tuple(targets_of(movie.exports, accepted.offers.connections))
        told = (movie.id, movie.client_data, key, submitted, exports, after)
        return cls(document, *told, accepted.media, said=accepted.said)

    def of_elements(self) -> Submission:
        """The same, of which only the elements are wanted: nobody is told of that."""
        return replace(self, exports=(), elements_only=True)

    def of_stills(self, wanted: Stills) -> Submission:
        """The same, of which only these are wanted, whatever there is of the movie itself."""
        return replace(self.of_elements(), key=None, stills=wanted)


def new_project_id() -> str:
    return random_text(PROJECT_ID_CHARS)


def new_project(
    submission: Submission,
    owner: str,
    coalescer: Coalescer,
    bounded: KeyBounds | None = None,
) -> Project:
    """A project that is stored nowhere yet."""
    return Project(
        id=new_project_id(),
        owner=owner,
        document=submission.document,
        created_at_ms=coalescer.ports.clock.now_ms(),
        movie_key=submission.key,
        caller_id=submission.movie_id,
        client_data=submission.client_data,
        submitted=submission.submitted,
        exports=submission.exports,
        after=submission.after,
        elements_only=submission.elements_only,
        stills=submission.stills,
        bounded=bounded,
    )


def in_cache(project: Project, coalescer: Coalescer) -> Outcome | None:
    """The project's movie, when it may come from the cache and is there."""
    if project.movie_key is None:
        return None
    return look_up(project.movie_key, coalescer.ports, shown_by=project.id)


def begin(project: Project, hit: Outcome | None, coalescer: Coalescer) -> None:
    """Store the project: as done when its movie is there, else to be executed.

    Raises StorageError.
    """
    if hit:
        add_done(project, hit, coalescer.ports)
        return
    coalescer.ports.projects.add(project)
    coalescer.start(project)
