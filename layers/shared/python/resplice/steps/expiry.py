"""Expiry: whether the files of movies are still there. Age and a full disk remove them, and nobody
writes that into the records of their projects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from resplice.ports import Ports
from resplice.ports.projects import Project


def looked_after(found: Sequence[Project], ports: Ports) -> list[Project]:
    """The projects, with movies that are gone marked as such.

    A movie is looked for when its time is over, for its use since then may have kept it, and when
    it has no time. So where age removes movies, nothing is asked of the storage for fresh ones.
    Raises StorageError.
    """
    now_ms = ports.clock.now_ms()
    keys = [each.movie.key for each in found if each.movie and _is_doubtful(each, now_ms)]
    there = ports.objects.there(keys) if keys else ()
    missing = {key for key, is_there in zip(keys, there, strict=True) if not is_there}
    return [_marked(each, missing) for each in found]


def _is_doubtful(project: Project, now_ms: int) -> bool:
    movie = project.movie
    if movie is None or project.deleted_at_ms is not None:
        return False
    return movie.expires_at_ms is None or movie.expires_at_ms <= now_ms


def _marked(project: Project, missing: set[str]) -> Project:
    if project.movie is None or project.movie.key not in missing:
        return project
    return replace(project, movie=replace(project.movie, gone=True))
