"""Projects: what callers do with them. Submit a movie, look at one, list all. In plain values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.document.fields import PRIVATE
from resplice.core.document.strict_json import parse
from resplice.core.document.template_call import called_template, with_template
from resplice.core.exports.secrecy import without_secrets
from resplice.core.providers import Offers
from resplice.core.quotas import KeyBounds
from resplice.core.report import Report
from resplice.core.tools import Tools
from resplice.core.wanted_stills import Stills
from resplice.errors import (
    DocumentError,
    NotFound,
    Problem,
    QuotaExceeded,
    StorageError,
    shown,
)
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps import media, quotas, templates
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.submit import (
    PROJECT_ID_CHARS,
    Submission,
    begin,
    in_cache,
    new_project,
)
from resplice.steps.expected import due_micro_usd
from resplice.steps.expiry import looked_after
from resplice.steps.pipeline.accept import accept, uncollected
from resplice.steps.random_text import is_like
from resplice.steps.readiness import require_ready
from resplice.steps.repeating import project_for

LISTED_AT_ONCE = 10
"""Documents may be large: no more than these are in memory beside those that are shown."""
MAX_OWN_BYTES = 400_000
"""Of `id` and of `client-data`, as JSON: they are in every answer about the movie."""
MAX_SUBMITTED_CHARS = 100_000
"""Of the call of a template: what is larger is not kept beside the movie that came of it."""
ELEMENTS_ONLY = b"elements only: "
"""What makes a request another one than that for the movie."""

Components = Callable[[], tuple[ComponentFolder, ...]]


@frozen
class TemplateCall:
    """What was sent calls a template, whose movie has to be given. template: its id."""

    template: str


Read = Callable[
    [bytes, Tools, Callable[[], Offers], Components, bool, str | None], Submission | TemplateCall
]


def accepted(
    body: bytes,
    tools: Tools,
    offered: Callable[[], Offers],
    components: Components,
    keeps: bool = False,
    template: str | None = None,
) -> Submission | TemplateCall:
    """Accept what was sent. Nothing is looked up or kept. Raises DocumentError.

    What only lacks something is taken, as JSON2Video does: its project says so as it begins.

    keeps: whether who asks wants the movie too. template: the movie of the template that it calls,
    as text.
    """
    with uncollected():
        sent = parse(body)
        call = {name: value for name, value in sent.items() if name not in PRIVATE}
        document = call
        if called := called_template(call):
            if template is None:
                return TemplateCall(called)
            document = parse(_text(with_template(json.loads(template), call)))
        found = accept(document, tools, offered, components, lacking_allowed=True)
    _check_own(document)
    shown_document = without_secrets(document, found.movie.exports)
    text = body.decode("utf-8-sig") if shown_document == sent else _text(shown_document)
    submitted = _text(without_secrets(call, found.movie.exports)) if called else None
    if submitted and len(submitted) > MAX_SUBMITTED_CHARS:
        submitted = None
    # With secrets masked it may have become another movie.
    kept = found if keeps and shown_document is document else None
    return replace(Submission.of(found, text, submitted, _earlier(sent)), accepted=kept)


def read_whole(
    body: bytes, ports: Ports, read: Read = accepted, *, keeps: bool = False
) -> Submission:
    """Accept what was sent, with the movie of the template that it calls, if it calls one.

    ports: those of who calls. keeps: as in accepted. Raises DocumentError, NotFound, StorageError.
    """
    template = None
    reading = partial(read, body, ports.tools, ports.offers, ports.components.all, keeps)
    while isinstance(found := reading(template), TemplateCall):
        template = templates.found(ports.owner, found.template, ports).movie
    return found


def submit(
    body: bytes,
    coalescer: Coalescer,
    owner: str,
    *,
    on_posted: Callable[[str, Report | None], None] = lambda project, report: None,
    read: Read = accepted,
    idempotency_key: str | None = None,
    project_id: str | None = None,
    elements_only: bool = False,
    stills: Stills | None = None,
    bounded: KeyBounds | None = None,
) -> str:
    """Take a movie in; the id of its project. One that is in the cache is done at once, whatever
    has been used up.

    on_posted is told the id as soon as it is known, and the report of one that is done.
    read: `accepted`, wherever it is done. idempotency_key: see steps.repeating. project_id: of
    its project, where the same request always has that one. elements_only: make its elements, and
    render nothing. stills: make these pictures of it, and render nothing. bounded: of the API key
    that was shown.
    Raises DocumentError, NotFound, Conflict, QuotaExceeded, RateLimited, Unavailable,
    StorageError.
    """
    ports = coalescer.ports.of(owner, bounded)
    require_ready(ports)
    # What it would cost is asked of the movie itself.
    keeps = bool(ports.quotas.most("micro_usd"))
    submission = read_whole(body, ports, read, keeps=keeps)
    submission = media.pinned(submission, owner, ports)
    submission = submission.of_elements() if elements_only else submission
    submission = submission.of_stills(stills) if stills else submission
    project = new_project(submission, owner, coalescer, bounded)
    if idempotency_key is not None:
        request = ELEMENTS_ONLY + body if elements_only else body
        request = stills.said() + body if stills else request
        project_id = project_for(idempotency_key, request, project.id, owner, ports)
    if project_id is not None:
        project = replace(project, id=project_id)
        if ports.projects.peek(project_id):
            return project_id
    hit = in_cache(project, coalescer)
    if not hit:
        _admit(project, submission, coalescer, ports)
    hit = hit and hit.of(submission.said)
    on_posted(project.id, hit.report if hit else None)
    try:
        begin(project, hit, coalescer)
    except StorageError:
        # The same request may have come twice at once, and the other one was faster.
        if project_id is None or not ports.projects.peek(project.id):
            raise
    return project.id


def _admit(project: Project, submission: Submission, coalescer: Coalescer, ports: Ports) -> None:
    """What has to be made. One that joins an equal movie takes nothing of the bounds of a day.

    ports: those of its owner. Raises QuotaExceeded, RateLimited, StorageError.
    """
    quotas.check_day(project.owner, ports)
    # Where nothing is bounded, nothing is looked up for it.
    joins = not ports.quotas.is_bounded or coalescer.joins(project)
    if not joins:
        pays = submission.stills is None or submission.stills.pays
        quotas.check_bounds(lambda: due_micro_usd(submission, ports) if pays else 0, ports)
    quotas.admit(project, ports)
    try:
        if not joins:
            quotas.take_movie(ports)
    except QuotaExceeded:
        quotas.dismiss(project, ports)
        raise


def status(project_id: str, owner: str, ports: Ports) -> Project:
    """The owner's project. Raises NotFound."""
    return owned(ports.projects.get, project_id, owner)


def owned(look: Callable[[str], Project | None], project_id: str, owner: str) -> Project:
    """The owner's project. look: gives one by its id. Raises NotFound."""
    project = look(project_id) if is_project_id(project_id) else None
    if project is None or project.owner != owner:
        raise NotFound(f"No movie found with project ID {shown(project_id, 64)}")
    return project


def percent(project: Project, ports: Ports) -> int:
    """Of its pictures that had to be made: how much is there."""
    if project.status == "done":
        return 100
    return 0 if project.status == "pending" else ports.progress.percent(project.id)


def newest_first(
    owner: str,
    since_ms: int,
    until_ms: int,
    most: int,
    before: tuple[int, str] | None,
    ports: Ports,
    *,
    with_files: bool = False,
) -> Iterator[Project]:
    """The owner's projects that were made from since_ms on, before until_ms: read as they are
    asked for, never many at once.

    most: how many will be asked for at most. before: created_at_ms and id of one; only those that
    come after it in this order. with_files: see steps.expiry.
    """
    at_once = min(LISTED_AT_ONCE, most)
    while True:
        found = ports.projects.list(owner, since_ms, until_ms, at_once, before)
        yield from looked_after(found, ports) if with_files else found
        if len(found) < at_once:
            return
        before = (found[-1].created_at_ms, found[-1].id)


def is_project_id(text: str) -> bool:
    """Whether it could be one."""
    return is_like(text, PROJECT_ID_CHARS)


def _earlier(sent: Mapping[str, Any]) -> str | None:
    """The project that it was before: clients send it when they render a movie object again."""
    named = sent.get("project")
    return named if isinstance(named, str) and is_project_id(named) else None


def _check_own(document: Mapping[str, Any]) -> None:
    problems = [
        Problem(name, f"'{name}' may be at most {MAX_OWN_BYTES // 1000} KB of JSON")
        for name in ("id", "client-data")
        if _size_bytes(document.get(name)) > MAX_OWN_BYTES
    ]
    if problems:
        raise DocumentError(problems)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _size_bytes(value: Any) -> int:
    return len(_text(value).encode())
