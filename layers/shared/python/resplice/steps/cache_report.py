"""The cache report of a project, with the reason of every miss: found out when somebody asks.

A movie is compared with the nearest earlier render of it, which is the first of these:
the project that its document names; the newest of the owner's last ones of the same template, or
with the same `id`; of the newest few, the one with the most scenes in common.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from resplice.errors import NotFound
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.comparing import Away, here, nearest, with_reasons
from resplice.steps.projects import newest_first, status

LOOKED_AT = 50
"""Of an owner's projects before this one."""
COMPARED, COMPARED_CHARS = 10, 20_000_000
"""Of those, by their scenes: so many, and no more when their documents are as large as that."""


@frozen
class Explanation:
    """against: the project that it was compared with; because: why with that one. report: None
    when the movie is not made.
    """

    project: Project
    report: Mapping[str, Any] | None
    against: str | None = None
    because: str = ""


def explanation(project_id: str, owner: str, ports: Ports, away: Away = here) -> Explanation:
    """away: calls what computes. Raises NotFound, StorageError."""
    project = status(project_id, owner, ports)
    if project.report is None:
        return Explanation(project, None)
    found = _before(project, ports, away)
    if found is None:
        return Explanation(project, away(with_reasons, project.document, project.report))
    before, because = found
    then = before.document, _whole_report(before, ports)
    report = away(with_reasons, project.document, project.report, *then)
    return Explanation(project, report, before.id, because)


def _before(project: Project, ports: Ports, away: Away) -> tuple[Project, str] | None:
    """The nearest earlier render of the movie, and why it is taken for that."""
    if named := _named(project, ports):
        return named, "the document names it"
    compared: list[Project] = []
    template, left_chars = _template(project), COMPARED_CHARS
    for each in _rendered_before(project, ports):
        if template and _template(each) == template:
            return each, "the same template"
        if project.caller_id is not None and each.caller_id == project.caller_id:
            return each, "the same id"
        left_chars -= len(each.document)
        if len(compared) < COMPARED and left_chars >= 0:
            compared.append(each)
    found = away(nearest, project.document, [each.document for each in compared])
    return (compared[found.index], f"{found.scenes} scenes in common") if found else None


def _named(project: Project, ports: Ports) -> Project | None:
    try:
        named = status(project.after or "", project.owner, ports)
    except NotFound:
        return None
    return named if _is_rendered(named) else None


def _rendered_before(project: Project, ports: Ports) -> Iterator[Project]:
    """Those of its owner that were made, the newest first."""
    place = project.created_at_ms, project.id
    until_ms = project.created_at_ms + 1
    found = newest_first(project.owner, 0, until_ms, LOOKED_AT, place, ports)
    for _, each in zip(range(LOOKED_AT), found, strict=False):
        if _is_rendered(each):
            yield each


def _is_rendered(project: Project) -> bool:
    return project.report is not None and not project.elements_only


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
