"""Projects: what callers do with them. Submit a movie, look at one, list all. In plain values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.document.fields import PRIVATE
from resplice.core.document.strict_json import parse
from resplice.core.keys import Tools
from resplice.core.providers import Offers
from resplice.core.report import Report
from resplice.errors import DocumentError, NotFound, Problem, shown
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps import media, quotas
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.submit import (
    PROJECT_ID_CHARS,
    Submission,
    begin,
    in_cache,
    new_project,
)
from resplice.steps.pipeline.accept import accept, uncollected
from resplice.steps.random_text import is_like

LISTED_AT_ONCE = 10
"""Documents may be large: no more than these are in memory beside those that are shown."""
MAX_OWN_BYTES = 400_000
"""Of `id` and of `client-data`, as JSON: they are in every answer about the movie."""


Components = Callable[[], tuple[ComponentFolder, ...]]
Read = Callable[[bytes, Tools, Callable[[], Offers], Components], Submission]


def accepted(
    body: bytes, tools: Tools, offered: Callable[[], Offers], components: Components
) -> Submission:
    """Accept what was sent. Nothing is looked up or kept. Raises DocumentError."""
    with uncollected():
        sent = parse(body)
        document = {name: value for name, value in sent.items() if name not in PRIVATE}
        found = accept(document, tools, offered, components)
    _check_own(document)
    text = body.decode("utf-8-sig") if document == sent else json.dumps(document)
    return Submission.of(found, text)


def submit(
    body: bytes,
    coalescer: Coalescer,
    owner: str,
    *,
    on_posted: Callable[[str, Report | None], None] = lambda project, report: None,
    read: Read = accepted,
) -> str:
    """Take a movie in; the id of its project. One that is in the cache is done at once, whatever
    the owner has used up.

    on_posted is told the id as soon as it is known, and the report of one that is done.
    read: `accepted`, wherever it is done.
    Raises DocumentError, QuotaExceeded, RateLimited, StorageError.
    """
    ports = coalescer.ports.of(owner)
    submission = read(body, ports.tools, ports.offers, ports.components.all)
    submission = media.pinned(submission, owner, ports)
    project = new_project(submission, owner, coalescer)
    hit = in_cache(project, coalescer)
    if not hit:
        quotas.check_day(owner, ports)
        quotas.board(project, ports)
    on_posted(project.id, hit.report if hit else None)
    begin(project, hit, coalescer)
    return project.id


def status(project_id: str, owner: str, ports: Ports) -> Project:
    """The owner's project. Raises NotFound."""
    project = ports.projects.get(project_id) if is_project_id(project_id) else None
    if project is None or project.owner != owner:
        raise NotFound(f"No movie found with project ID {shown(project_id, 64)}")
    return project


def newest_first(
    owner: str,
    since_ms: int,
    until_ms: int,
    most: int,
    before: tuple[int, str] | None,
    ports: Ports,
) -> Iterator[Project]:
    """The owner's projects that were made from since_ms on, before until_ms: read as they are
    asked for, never many at once.

    most: how many will be asked for at most. before: created_at_ms and id of one; only those that
    come after it in this order.
    """
    at_once = min(LISTED_AT_ONCE, most)
    while True:
        found = ports.projects.list(owner, since_ms, until_ms, at_once, before)
        yield from found
        if len(found) < at_once:
            return
        before = (found[-1].created_at_ms, found[-1].id)


def is_project_id(text: str) -> bool:
    """Whether it could be one."""
    return is_like(text, PROJECT_ID_CHARS)


def _check_own(document: Mapping[str, Any]) -> None:
    problems = [
        Problem(name, f"'{name}' may be at most {MAX_OWN_BYTES // 1000} KB of JSON")
        for name in ("id", "client-data")
        if _size_bytes(document.get(name)) > MAX_OWN_BYTES
    ]
    if problems:
        raise DocumentError(problems)


def _size_bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
