"""Why a forecast says that a scene is rendered, in the document's words: what is otherwise than in
an earlier render.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from resplice.core.document.paths import json_path
from resplice.core.keys import element_key
from resplice.core.report import ElementReport
from resplice.core.schema.movie import Movie
from resplice.core.why import Rendered, explained
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.cached_elements import Cached
from resplice.steps.comparing import Away, here, movie_of
from resplice.steps.pipeline.accept import Accepted, uncollected
from resplice.steps.pipeline.plan import Planned, scene_reports

MOST_HERE = 300
"""Elements of a movie that is compared while others wait; of more, somebody else does it."""
NO_REASONS: Mapping[int, tuple[str, ...]] = {}


def reasons(
    movie: Accepted,
    cached: Cached,
    planned: Planned,
    since: Project,
    ports: Ports,
    away: Away = here,
) -> Mapping[int, tuple[str, ...]]:
    """Of the scenes that are rendered, by their numbers from 0; none when the earlier document is
    none that would be taken now.

    since: an earlier project of the same owner, ended or not. away: compares large ones.
    """
    report = _report(movie, cached, planned, ports)
    large = len(cached.tasks) > MOST_HERE
    told = (away if large else here)(_told, movie.movie, report, since.document, since.report)
    return {each["scene"] - 1: tuple(each["why"]) for each in told if "why" in each}


def _told(
    movie: Movie, report: Mapping[str, Any], document: str, before: Mapping[str, Any] | None
) -> Sequence[Mapping[str, Any]]:
    earlier = movie_of(document)
    if earlier is None:
        return ()
    with uncollected():
        told = explained(Rendered(movie, report), Rendered(earlier, before or {}))
    scenes: Sequence[Mapping[str, Any]] = told["scenes"]
    return scenes


def _report(movie: Accepted, cached: Cached, planned: Planned, ports: Ports) -> Mapping[str, Any]:
    """As that of a render, of what is there: nobody knows how the rest comes out."""
    there = [
        ElementReport(
            json_path(each.path),
            each.type,
            "hit",
            element_key(each.task, ports.tools),
            content=cached.facts[each.path].digest,
        )
        for each in cached.tasks
        if each.path not in cached.missing
    ]
    return {
        "movie": {"result": "bypass" if movie.bypass else "miss", "key": movie.key},
        "scenes": [asdict(scene) for scene in scene_reports(planned, movie.movie)],
        "transitions": [],
        "elements": [element.as_json() for element in there],
        "made_with": ports.tools.short_name(),
    }
