"""The cache report of a project, with the reason of every miss: found out when somebody asks.

A movie is compared with the nearest earlier render of it, which is the first of these:
the project that its document names; the newest of the owner's last ones of the same template, or
with the same `id`; of the newest few, the one with the most scenes in common.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from resplice.core.differences import equal_scenes
from resplice.core.document.expand import expanded
from resplice.core.document.strict_json import parse
from resplice.core.schema.movie import Movie
from resplice.core.schema.validation import checked
from resplice.core.why import Rendered, explained
from resplice.errors import DocumentError, NotFound
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.pipeline.accept import uncollected
from resplice.steps.projects import newest_first, status

LOOKED_AT = 50
"""Of an owner's projects before this one."""
COMPARED = 10
"""Of those, by their scenes: each is expanded for that."""
COMPARING_MS = 1_000
"""For how long more are: a few words can stand for ten thousand elements."""


@dataclass(frozen=True)
class Explanation:
    """against: the project that it was compared with; because: why with that one. report: None
    when the movie is not made.
    """

    project: Project
    report: Mapping[str, Any] | None
    against: str | None = None
    because: str = ""


def explanation(project_id: str, owner: str, ports: Ports) -> Explanation:
    """Raises NotFound, StorageError."""
    project = status(project_id, owner, ports)
    if project.report is None:
        return Explanation(project, None)
    with uncollected():
        movie = movie_of(project)
        if movie is None:
            return Explanation(project, project.report)
        now, found = Rendered(movie, project.report), _before(project, movie, ports)
        if found is None:
            return Explanation(project, explained(now, None))
        before, because = found
        then = movie_of(before)
        known = Rendered(then, _whole_report(before, ports)) if then else None
    return Explanation(project, explained(now, known), before.id, because)


def movie_of(project: Project) -> Movie | None:
    """The movie that the project's document says; None when it is none that we would take now."""
    try:
        whole, unresolved = expanded(parse(project.document.encode()))
    except DocumentError:
        return None
    movie, problems = checked(whole)
    return None if problems or unresolved else movie


def _before(project: Project, movie: Movie, ports: Ports) -> tuple[Project, str] | None:
    """The nearest earlier render of the movie, and why it is taken for that."""
    if named := _named(project, ports):
        return named, "the document names it"
    nearest, most, template = None, 0, _template(project)
    now_ms, until_ms = ports.clock.now_ms, ports.clock.now_ms() + COMPARING_MS
    for number, each in enumerate(_rendered_before(project, ports)):
        if template and _template(each) == template:
            return each, "the same template"
        if project.caller_id is not None and each.caller_id == project.caller_id:
            return each, "the same id"
        then = movie_of(each) if number < COMPARED and now_ms() < until_ms else None
        if then and (equal := equal_scenes(then, movie)) > most:
            nearest, most = (each, f"{equal} scenes in common"), equal
    return nearest


def _named(project: Project, ports: Ports) -> Project | None:
    try:
        named = status(project.after or "", project.owner, ports)
    except NotFound:
        return None
    return named if named.report is not None else None


def _rendered_before(project: Project, ports: Ports) -> Iterator[Project]:
    """Those of its owner that were made, the newest first."""
    place = project.created_at_ms, project.id
    until_ms = project.created_at_ms + 1
    found = newest_first(project.owner, 0, until_ms, LOOKED_AT, place, ports)
    for _, each in zip(range(LOOKED_AT), found, strict=False):
        if each.report is not None:
            yield each


def _template(project: Project) -> str | None:
    """Of which the document is a call."""
    named = json.loads(project.submitted).get("template") if project.submitted else None
    return named if isinstance(named, str) else None


def _whole_report(project: Project, ports: Ports) -> Mapping[str, Any]:
    """Its report or, when its movie was in the cache, that of who made it: which tells of parts."""
    report = project.report or {}
    if report.get("scenes") or project.movie_key is None:
        return report
    for each in _rendered_before(project, ports):
        if each.movie_key == project.movie_key and each.report and each.report.get("scenes"):
            return {**each.report, "movie": report["movie"]}
    return report
