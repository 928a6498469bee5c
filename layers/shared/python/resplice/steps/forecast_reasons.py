"""Why a forecast says that a scene is rendered, in the document's words: what is otherwise than in
an earlier render.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from resplice.core.document.paths import json_path
from resplice.core.keys import element_key
from resplice.core.report import ElementReport
from resplice.core.why import Rendered, explained
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.cache_report import whole_report
from resplice.steps.cached_elements import Cached
from resplice.steps.comparing import movie_of
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.pipeline.plan import Planned, scene_reports, transition_reports

NO_REASONS: Mapping[int, tuple[str, ...]] = {}


def reasons(
    movie: Accepted, cached: Cached, planned: Planned, since: Project, ports: Ports
) -> Mapping[int, tuple[str, ...]]:
    """Of the scenes that are rendered, by their numbers from 0; none when the earlier document is
    none that would be taken now.

    since: an earlier project of the same owner.
    """
    before = movie_of(since.document)
    if before is None:
        return NO_REASONS
    now = Rendered(movie.movie, _report(movie, cached, planned, ports))
    told = explained(now, Rendered(before, whole_report(since, ports)))
    return {each["scene"] - 1: tuple(each["why"]) for each in told["scenes"] if "why" in each}


def _report(
    movie: Accepted, cached: Cached, planned: Planned, ports: Ports
) -> Mapping[str, object]:
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
        "transitions": [asdict(join) for join in transition_reports(planned)],
        "elements": [element.as_json() for element in there],
    }
