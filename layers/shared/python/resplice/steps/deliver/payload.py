"""Payload: what a webhook is told: the flat texts of JSON2Video's reference, and all that its
guides show beside.
"""

from __future__ import annotations

from typing import Any

from resplice.ports.projects import Project
from resplice.steps.moments import timestamp


def payload(project: Project, base_url: str) -> dict[str, Any]:
    """Numbers are texts at the top, and numbers in `movie`. `id` is the caller's own."""
    movie = movie_of(project, base_url)
    file = project.movie
    sizes = (file.width, file.height, file.duration_s, file.size_bytes) if file else ("",) * 4
    flat = dict(zip(("width", "height", "duration", "size"), map(str, sizes), strict=True))
    return {
        **flat,
        "url": movie["url"] or "",
        "project": project.id,
        "id": project.caller_id if project.caller_id is not None else "",
        "client-data": movie["client-data"],
        "success": movie["success"],
        "status": project.status,
        "message": project.message,
        "movie": movie,
    }


def movie_of(project: Project, base_url: str) -> dict[str, Any]:
    """As in the answer to who asks for its status, in short."""
    file, ended_ms = project.movie, project.ended_at_ms
    shown = file if project.deleted_at_ms is None else None
    own = {} if project.caller_id is None else {"id": project.caller_id}
    return {
        **own,
        "success": project.status == "done",
        "status": project.status,
        "message": project.message,
        "project": project.id,
        "url": f"{base_url}/{shown.key}" if shown else None,
        "thumbnail": f"{base_url}/{shown.thumbnail}" if shown and shown.thumbnail else None,
        "ass": f"{base_url}/{shown.ass}" if shown and shown.ass else False,
        "duration": file.duration_s if file else None,
        "size": file.size_bytes if file else None,
        "width": file.width if file else None,
        "height": file.height if file else None,
        "created_at": timestamp(project.created_at_ms),
        "ended_at": None if ended_ms is None else timestamp(ended_ms),
        "client-data": {} if project.client_data is None else project.client_data,
    }
