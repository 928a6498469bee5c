"""A project as answers have it, and how much of it one answer can hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from resplice.api.service import Limits
from resplice.api.timestamps import timestamp
from resplice.core.credits import consumed, paid
from resplice.ports.projects import MovieFile, Project
from resplice.steps.execution.dispatch import RENDERING

DELETED = "The movie was deleted"
EXPIRED = "The movie has expired: its file was kept until {until}. {again}"
GONE = "The movie's file is not in the cache any more. {again}"
AGAIN = "Post its document again to have it made anew"
_MAYBE_NUMBER = {"type": ["number", "null"]}
_MAYBE_TEXT = {"type": ["string", "null"]}
CONSUMED = {
    "title": "Consumed",
    "type": "object",
    "properties": {
        "type": {"enum": ["render", "provider"]},
        "credits": {"type": "integer"},
        "seconds": {"type": "number"},
        "provider": {"type": "string"},
        "model": {"type": "string"},
        "unit": {"enum": ["characters", "seconds", "pictures"]},
        "units": {"type": "number"},
        "usd": _MAYBE_NUMBER,
    },
    "required": ["type", "credits"],
}
MOVIE: dict[str, Any] = {
    "title": "Movie",
    "type": "object",
    "properties": {
        "success": {"type": "boolean"},
        "status": {"enum": ["pending", "running", "done", "error", "timeout"]},
        "message": {
            "type": "string",
            "description": "Progress, why it failed, that nothing was to be rendered, or that the"
            " movie was deleted or has expired",
        },
        "progress": {
            "type": "integer",
            "description": "Percent of the pictures that had to be made; it never goes back",
        },
        "project": {"type": "string"},
        "kind": {
            "enum": ["movie", "still", "elements"],
            "description": "What is wanted, whatever came of it: the movie, a picture of it, or its"
            " elements alone (`dry-run=make`)",
        },
        "url": {
            **_MAYBE_TEXT,
            "description": "Of the MP4, or of the PNG of a still, while there is one",
        },
        "thumbnail": {**_MAYBE_TEXT, "description": "Of its poster, a JPEG"},
        "ass": {"type": ["string", "boolean"], "description": "Of its subtitles, or false"},
        "created_at": {"type": "string", "format": "date-time"},
        "ended_at": _MAYBE_TEXT,
        "deleted_at": {"type": "string", "format": "date-time"},
        "duration": {**_MAYBE_NUMBER, "description": "Seconds"},
        "size": {**_MAYBE_NUMBER, "description": "Bytes"},
        "width": _MAYBE_NUMBER,
        "height": _MAYBE_NUMBER,
        "rendering_time": {**_MAYBE_NUMBER, "description": "Seconds"},
        "client-data": {"description": "As the document has it"},
        "expires_at": {
            **_MAYBE_TEXT,
            "description": "Its files are kept until then, if not longer; null: nothing expires",
        },
        "consumed_credits": {
            "type": "array",
            "description": "The rendering, and what was paid to providers by their list prices",
            "items": CONSUMED,
        },
        "cache": {"type": ["object", "null"], "description": "What it was made from"},
        "id": {"description": "As the document has it"},
        "exports": {"type": "array", "description": "What became of where it is sent"},
        "json": {**_MAYBE_TEXT, "description": "The document"},
    },
    "required": ["success", "status", "message", "project", "url", "created_at"],
}
"""JSON Schema of a movie in answers."""
LEFT_OUT = (("elements", "scenes"), ("transitions", "warnings"))
"""Lists of a report, in the order in which they go when an answer is too large."""
ONE_PIECE_BYTES = 15_000
"""Of a movie, in an answer that fits one record of TLS with all that is around it."""


def movie_json(
    project: Project, base_url: str, *, simple: bool, percent: int = 0
) -> dict[str, Any]:
    """simple: without the document. percent: of its pictures that are there, unless it is done."""
    file, ended_ms, deleted_ms = project.movie, project.ended_at_ms, project.deleted_at_ms
    shown = file if deleted_ms is None and not (file and file.gone) else None
    expires_ms = file.expires_at_ms if file and deleted_ms is None else None
    movie: dict[str, Any] = {
        "success": project.status not in ("error", "timeout"),
        "status": project.status,
        "message": _message(project, percent),
        "progress": 100 if project.status == "done" else percent,
        "project": project.id,
        "kind": project.kind,
        "url": f"{base_url}/{shown.key}" if shown else None,
        "thumbnail": f"{base_url}/{shown.thumbnail}" if shown and shown.thumbnail else None,
        "ass": f"{base_url}/{shown.ass}" if shown and shown.ass else False,
        "created_at": timestamp(project.created_at_ms),
        "ended_at": None if ended_ms is None else timestamp(ended_ms),
        "duration": file.duration_s if file else None,
        "size": file.size_bytes if file else None,
        "width": file.width if file else None,
        "height": file.height if file else None,
        "rendering_time": None if ended_ms is None else (ended_ms - project.created_at_ms) / 1000,
        "client-data": {} if project.client_data is None else project.client_data,
        "expires_at": None if expires_ms is None else timestamp(expires_ms),
        "consumed_credits": _consumed(project),
        "cache": project.report,
    }
    if deleted_ms is not None:
        movie["deleted_at"] = timestamp(deleted_ms)
    if project.caller_id is not None:
        movie["id"] = project.caller_id
    if not simple:
        movie["json"] = project.submitted or project.document
    return movie


def _consumed(project: Project) -> list[dict[str, Any]]:
    file, report = project.movie, project.report
    if not report:
        return []
    if not file:
        return list(paid(report))
    return consumed(report, file.duration_s, file.width, file.height)


def _message(project: Project, percent: int) -> str:
    if project.deleted_at_ms is not None and not project.message:
        return DELETED
    if project.movie and project.movie.gone and project.deleted_at_ms is None:
        return _why_gone(project.movie)
    rendering = project.status == "running" and project.message == RENDERING
    return f"{RENDERING} {percent}%" if rendering else project.message


def _why_gone(movie: MovieFile) -> str:
    if movie.expires_at_ms is None:
        return GONE.format(again=AGAIN)
    return EXPIRED.format(until=timestamp(movie.expires_at_ms), again=AGAIN)


def fitted(movie: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """As much of the movie as fits one answer; first its document goes."""
    document = movie.get("json")
    if document is not None and (
        len(document) > limits.answer_bytes or not _fits(movie, limits)
    ):  # A long document is not worth measuring: that takes longer than all the rest.
        movie = {**movie, "json": None}
    for names in LEFT_OUT:
        report = movie["cache"]
        if report and not _fits(movie, limits):
            kept = {name: [] if name in names else told for name, told in report.items()}
            movie = {**movie, "cache": kept}
    return movie


def in_one_piece(movie: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """The same for a caller who takes the first piece that arrives for the whole answer, as
    JSON2Video's SDK for Node does: our report goes first, then the document.
    """
    most = replace(limits, answer_bytes=ONE_PIECE_BYTES)
    return fitted(movie if _fits(movie, most) else {**movie, "cache": None}, most)


def fitting(
    projects: Iterable[Project],
    most: int,
    base_url: str,
    limits: Limits,
    percent: Callable[[Project], int],
) -> tuple[list[dict[str, Any]], Project | None]:
    """Movies that fit one answer, one at least; the last one's project, if more come after it."""
    movies: list[dict[str, Any]] = []
    room, last = limits.answer_bytes, None
    for project in projects:
        told = movie_json(project, base_url, simple=False, percent=percent(project))
        movie = fitted(told, limits)
        room -= limits.size_bytes(movie)
        if len(movies) == most or (movies and room < 0):
            return movies, last
        movies.append(movie)
        last = project
    return movies, None


def _fits(movie: dict[str, Any], limits: Limits) -> bool:
    return limits.size_bytes(movie) <= limits.answer_bytes
