"""The stored form of a project: one flat row, whatever keeps it. No I/O.

id, owner, document, created_at_ms, status, message, ended_at_ms    as in Project
movie_key    the key of the object that holds the movie; None until there is one
deleted_at_ms    as in Project; earlier versions had none
result       JSON: `cache-key`, `id`, `client-data`, `submitted`, `after`, `elements-only` from the
             start;
             `duration`, `size`, `width`, `height`, `ass`, `thumbnail`, `expires`,
             `manifest` with the movie;
             `report` with it; `exports` where there are some; `bounded`, the digest of an API key
             and its bounds, where it has some; `stills` where
             pictures are wanted. Earlier versions wrote `flight` for `cache-key`
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from resplice.core.exports.targets import Target
from resplice.core.quotas import KeyBounds, bounds_of
from resplice.core.wanted_stills import stills_of
from resplice.ports.projects import MovieFile, Project

ROW_NAMES = (
    *("id", "owner", "document", "created_at_ms", "status", "message", "ended_at_ms"),
    *("movie_key", "result", "deleted_at_ms"),
)
PLAIN_NAMES = ROW_NAMES[:7]
"""Those that are fields of a Project as they are."""


def row_of(project: Project) -> dict[str, Any]:
    """ROW_NAMES to plain values, the result as JSON text."""
    plain = {name: getattr(project, name) for name in PLAIN_NAMES}
    movie_key = project.movie.key if project.movie else None
    result = json.dumps(_result(project))
    return {
        **plain,
        "movie_key": movie_key,
        "result": result,
        "deleted_at_ms": project.deleted_at_ms,
    }


def project_of(row: Mapping[str, Any]) -> Project:
    """The project of a row that has all of ROW_NAMES."""
    result = json.loads(row["result"])
    return Project(
        **{name: row[name] for name in PLAIN_NAMES},
        movie_key=result.get("cache-key", result.get("flight")),
        caller_id=result.get("id"),
        client_data=result.get("client-data"),
        movie=_movie(row["movie_key"], result) if row["movie_key"] else None,
        report=result.get("report"),
        submitted=result.get("submitted"),
        deleted_at_ms=row["deleted_at_ms"],
        exports=tuple(map(Target.from_json, result.get("exports", ()))),
        after=result.get("after"),
        elements_only=result.get("elements-only", False),
        bounded=_bounded(result["bounded"]) if "bounded" in result else None,
        stills=stills_of(result["stills"]) if "stills" in result else None,
    )


def _result(project: Project) -> dict[str, Any]:
    result: dict[str, Any] = {
        "id": project.caller_id,
        "client-data": project.client_data,
        "cache-key": project.movie_key,
    }
    if project.submitted is not None:
        result["submitted"] = project.submitted
    if movie := project.movie:
        result |= {"duration": movie.duration_s, "size": movie.size_bytes}
        result |= {"width": movie.width, "height": movie.height}
        result |= {"ass": movie.ass} if movie.ass else {}
        result |= {"thumbnail": movie.thumbnail} if movie.thumbnail else {}
        result |= {"expires": movie.expires_at_ms} if movie.expires_at_ms else {}
        result |= {"manifest": movie.manifest} if movie.manifest else {}
    if project.exports:
        result["exports"] = [target.as_json() for target in project.exports]
    if project.after is not None:
        result["after"] = project.after
    if project.elements_only:
        result["elements-only"] = True
    if project.stills:
        result["stills"] = project.stills.as_json()
    if key := project.bounded:
        result["bounded"] = {"key": key.digest, "bounds": key.bounds.said()}
    if project.report is not None:
        result["report"] = dict(project.report)
    return result


def _bounded(said: Mapping[str, Any]) -> KeyBounds:
    return KeyBounds(said["key"], bounds_of(said["bounds"]))


def _movie(key: str, result: Mapping[str, Any]) -> MovieFile:
    sizes = (result["duration"], result["size"], result["width"], result["height"])
    beside = result.get("ass"), result.get("thumbnail"), result.get("expires")
    return MovieFile(key, *sizes, *beside, manifest=result.get("manifest"))
