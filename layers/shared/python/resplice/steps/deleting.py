"""Deleting a movie: its record stays listed, the cache serves it no more, and its files go unless
another project shows them. One that is being made is cancelled: it ends at once, and the pieces
that are finished stay in the cache.
"""

from __future__ import annotations

from resplice.errors import NotFound
from resplice.ports import Ports
from resplice.ports.projects import TERMINAL, Project
from resplice.steps import movie_files
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.movie_cache import forget
from resplice.steps.projects import owned

CANCELLED = "Cancelled"


def delete(project_id: str, owner: str, coalescer: Coalescer) -> int:
    """When it was deleted, milliseconds since the epoch. Deleting it again changes nothing, and
    goes on with what one that died has left. Raises NotFound, StorageError.
    """
    ports = coalescer.ports
    project = owned(ports.projects.peek, project_id, owner)
    if project.status not in TERMINAL:
        coalescer.cancel(project, CANCELLED)
    now_first = ports.projects.delete(project.id, ports.clock.now_ms())
    deleted = ports.projects.peek(project.id)
    if deleted is None or deleted.deleted_at_ms is None:
        raise NotFound(f"The project {project.id} is gone")
    _remove_files(deleted, ports, serves=now_first)
    return deleted.deleted_at_ms


def _remove_files(project: Project, ports: Ports, *, serves: bool) -> None:
    """serves: the movie layer may lead to them."""
    if project.movie is None:
        return
    if serves and project.report:
        forget(project.report["movie"]["key"], project.movie.key, ports)
    movie_files.remove(project.id, project.movie.key, ports)
