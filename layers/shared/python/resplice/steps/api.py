"""API: what the calls on movies do, in plain values. It knows projects, not HTTP."""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from resplice.core.document.strict_json import parse
from resplice.core.report import Report
from resplice.errors import (
    DocumentError,
    MakeError,
    NotFound,
    Problem,
    RespliceError,
    shown,
)
from resplice.ports import Ports
from resplice.ports.executions import Workflow
from resplice.ports.projects import Project
from resplice.steps.execution.ending import ending, plain, worded
from resplice.steps.execution.run import look_up
from resplice.steps.pipeline.accept import accept

PROJECT_ID_CHARS = 16
LEFT_OUT = (("elements", "scenes"), ("transitions", "warnings"))
"""Lists of a report, in the order in which they go when an answer is too large."""
ALPHABET = string.ascii_letters + string.digits
REMAINING_QUOTA = {"movies": 1_000_000, "drafts": 1_000_000, "time": 1_000_000_000}
"""There is no quota; clients read one all the same."""
MAX_LISTED = 100
MAX_DAYS = 93
DAY_MS = 86_400_000
LISTED_AT_ONCE = 10
"""Documents may be large: no more than these are in memory beside those that are shown."""
MAX_ANSWER_BYTES = 6_200_000
"""Of movies, as the Lambda runtime encodes them. A function gives back 6,291,556 bytes at most."""
MAX_OWN_BYTES = 400_000
"""Of `id` and of `client-data`, as JSON: they are in every answer about the movie."""

CALLERS_OWN = frozenset({"project", "apiKey", "client_data"})
"""What client programs add to a movie for themselves: no part of it, and keys must not be kept."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def post(
    body: bytes,
    owner: str,
    ports: Ports,
    workflow: Workflow,
    on_posted: Callable[[str, Report | None], None] = lambda project, report: None,
) -> str:
    """Accept a movie; the id of its project. One that is in the cache is done at once.

    on_posted is told the id as soon as it is known, and the report of one that is done.
    Raises DocumentError, StorageError.
    """
    sent = parse(body)
    document = {name: value for name, value in sent.items() if name not in CALLERS_OWN}
    accepted = accept(document, ports.tools)
    _check_own(document)
    movie, flight = accepted.movie, None if accepted.bypass else accepted.key
    project = Project(
        id="".join(secrets.choice(ALPHABET) for _ in range(PROJECT_ID_CHARS)),
        owner=owner,
        document=body.decode("utf-8-sig") if document == sent else json.dumps(document),
        created_at_ms=ports.clock.now_ms(),
        movie_key=flight,
        caller_id=movie.id,
        client_data=movie.client_data,
    )
    hit = look_up(flight, ports) if flight else None
    on_posted(project.id, hit.report if hit else None)
    if hit:
        ports.projects.add(replace(project, **vars(ending(hit, ports))))
    else:
        ports.projects.add(project)
        workflow.start(project.id, flight)
    return project.id


def status(
    project_id: str, owner: str, ports: Ports, base_url: str, *, simple: bool
) -> dict[str, Any]:
    """The answer about one project; simple: without the document. Raises NotFound."""
    if not project_id:
        wanted = "A 16-character project ID must be provided in the 'project' query parameter"
        raise DocumentError([Problem("project", wanted)])
    project = ports.projects.get(project_id) if _like_an_id(project_id) else None
    if project is None or project.owner != owner:
        raise NotFound(f"No movie found with project ID {shown(project_id, 64)}")
    movie = _cut(_movie(project, base_url, simple=simple))
    return {"success": True, "movie": movie, "remaining_quota": REMAINING_QUOTA}


def listing(query: Mapping[str, str], owner: str, ports: Ports, base_url: str) -> dict[str, Any]:
    """A page of the owner's projects, newest first. query: as in the URL. Raises DocumentError."""
    page = _page(query, ports.clock.now_ms())
    movies, more_after = _shown(page, _newest_first(page, owner, ports), base_url)
    return {
        "success": True,
        "from": timestamp(page.since_ms),
        "to": timestamp(page.until_ms - 1),
        "count": len(movies),
        "limit": page.limit,
        "has_next": more_after is not None,
        "has_prev": page.before is not None,
        "next_token": more_after,
        "movies": movies,
        "remaining_quota": REMAINING_QUOTA,
    }


def _check_own(document: Mapping[str, Any]) -> None:
    problems = [
        Problem(name, f"'{name}' may be at most {MAX_OWN_BYTES // 1000} KB of JSON")
        for name in ("id", "client-data")
        if len(_text(document.get(name)).encode()) > MAX_OWN_BYTES
    ]
    if problems:
        raise DocumentError(problems)


def _shown(
    page: _Page, projects: Iterator[Project], base_url: str
) -> tuple[list[dict[str, Any]], str | None]:
    """Movies that fit one answer, one at least; the token for those after them, if any."""
    movies: list[dict[str, Any]] = []
    room, token = MAX_ANSWER_BYTES, None
    for project in projects:
        movie = _cut(_movie(project, base_url, simple=False))
        room -= told_bytes(movie)
        if len(movies) == page.limit or (movies and room < 0):
            return movies, token
        movies.append(movie)
        token = f"{project.created_at_ms}-{project.id}"
    return movies, None


def _newest_first(page: _Page, owner: str, ports: Ports) -> Iterator[Project]:
    before, at_once = page.before, min(LISTED_AT_ONCE, page.limit + 1)
    while True:
        found = ports.projects.list(owner, page.since_ms, page.until_ms, at_once, before)
        yield from found
        if len(found) < at_once:
            return
        before = (found[-1].created_at_ms, found[-1].id)


def told_bytes(value: Any) -> int:
    """What the value takes in an answer: JSON in a text, which the runtime makes JSON again.

    Of the runtimes this is the one that escapes all that is not ASCII: others take less.
    """
    return len(json.dumps(_text(value)))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _cut(movie: dict[str, Any]) -> dict[str, Any]:
    """As much of the movie as fits one answer; first its document goes."""
    if "json" in movie and told_bytes(movie) > MAX_ANSWER_BYTES:
        movie = {**movie, "json": None}
    for names in LEFT_OUT:
        report = movie["cache"]
        if report and told_bytes(movie) > MAX_ANSWER_BYTES:
            kept = {name: [] if name in names else told for name, told in report.items()}
            movie = {**movie, "cache": kept}
    return movie


def refusal(error: RespliceError) -> dict[str, Any]:
    """The body of an answer that tells of an error."""
    if not isinstance(error, DocumentError | MakeError):
        return {"success": False, "message": plain(error)}
    message, told = worded(error.problems, "; ")
    problems = [{"path": problem.path, "message": problem.message} for problem in told]
    return {"success": False, "message": message, "errors": problems}


def timestamp(at_ms: int) -> str:
    """ISO 8601 in UTC with exactly three decimals and a Z: some clients read no other."""
    at = _EPOCH + timedelta(milliseconds=at_ms)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _movie(project: Project, base_url: str, *, simple: bool) -> dict[str, Any]:
    made, ended_ms = project.movie, project.ended_at_ms
    movie: dict[str, Any] = {
        "success": project.status not in ("error", "timeout"),
        "status": project.status,
        "message": project.message,
        "project": project.id,
        "url": f"{base_url}/{made.key}" if made else None,
        "created_at": timestamp(project.created_at_ms),
        "ended_at": None if ended_ms is None else timestamp(ended_ms),
        "duration": made.duration_s if made else None,
        "size": made.size_bytes if made else None,
        "width": made.width if made else None,
        "height": made.height if made else None,
        "rendering_time": None if ended_ms is None else (ended_ms - project.created_at_ms) / 1000,
        "client-data": {} if project.client_data is None else project.client_data,
        "consumed_credits": [],
        "cache": project.report,
    }
    if project.caller_id is not None:
        movie["id"] = project.caller_id
    if not simple:
        movie["json"] = project.document
    return movie


@dataclass(frozen=True)
class _Page:
    """Which projects are wanted. before: the place of the last one on the page before."""

    since_ms: int
    until_ms: int
    limit: int
    before: tuple[int, str] | None


def _page(query: Mapping[str, str], now_ms: int) -> _Page:
    today = (_EPOCH + timedelta(milliseconds=now_ms)).date()
    until_ms = _moment(query, ("date_end", "to"), end=True)
    until_ms = _ms(today + timedelta(days=1)) if until_ms is None else until_ms
    first = (_EPOCH + timedelta(milliseconds=until_ms - 1)).date().replace(day=1)
    since_ms = _moment(query, ("date_start", "from"), end=False)
    since_ms = _ms(first) if since_ms is None else since_ms
    if since_ms >= until_ms:
        raise DocumentError([Problem("from", "'from' must not be after 'to'")])
    if until_ms - since_ms > MAX_DAYS * DAY_MS:
        raise DocumentError([Problem("from", f"The dates may be at most {MAX_DAYS} days apart")])
    return _Page(since_ms, until_ms, _limit(query), _token(query))


def _ms(day: date) -> int:
    return (datetime.combine(day, time(), UTC) - _EPOCH) // timedelta(milliseconds=1)


def _moment(query: Mapping[str, str], names: tuple[str, str], *, end: bool) -> int | None:
    """The date under one of the names; a whole day lasts to its end."""
    name = next((name for name in names if query.get(name)), None)
    if name is None:
        return None
    text = query[name].strip()
    try:
        if len(text) == len("2026-01-31"):
            return _ms(date.fromisoformat(text) + timedelta(days=end))
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        moment = (at.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        raise DocumentError([Problem(name, f"'{name}' must be an ISO 8601 date")]) from None
    return moment + end


def _limit(query: Mapping[str, str]) -> int:
    text = query.get("limit") or str(MAX_LISTED)
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise DocumentError([Problem("limit", "'limit' must be a whole number from 1 to 100")])
    return min(MAX_LISTED, int(text[:9]))


def _token(query: Mapping[str, str]) -> tuple[int, str] | None:
    token = query.get("next_token")
    if not token:
        return None
    created_at_ms, _, project_id = token.partition("-")
    digits = created_at_ms.isascii() and created_at_ms.isdigit() and len(created_at_ms) < 16
    if not (digits and _like_an_id(project_id)):
        raise DocumentError([Problem("next_token", "'next_token' is not one of ours")])
    return int(created_at_ms), project_id


def _like_an_id(text: str) -> bool:
    return len(text) == PROJECT_ID_CHARS and set(text) <= set(ALPHABET)
