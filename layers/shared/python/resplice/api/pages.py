"""Pages of a listing: which projects a query asks for, and the page as an answer has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from resplice.api.operation import whole
from resplice.api.timestamps import day_of, moment_ms, start_ms, timestamp
from resplice.core.time_units import DAY_MS
from resplice.errors import DocumentError, Problem
from resplice.frozen import frozen
from resplice.ports.projects import Project
from resplice.steps.projects import is_project_id

MAX_LISTED = 100
MAX_DAYS = 93


@frozen
class Page:
    """Which projects are wanted: created from since_ms on, before until_ms.

    before: the place (created_at_ms, id) of the last one on the page before.
    """

    since_ms: int
    until_ms: int
    limit: int
    before: tuple[int, str] | None


def asked(query: Mapping[str, str], now_ms: int) -> Page:
    """query: as in the URL; without dates it is the month so far. Raises DocumentError."""
    until_ms = _moment(query, ("date_end", "to"), end=True)
    until_ms = start_ms(day_of(now_ms) + timedelta(days=1)) if until_ms is None else until_ms
    since_ms = _moment(query, ("date_start", "from"), end=False)
    since_ms = start_ms(day_of(until_ms - 1).replace(day=1)) if since_ms is None else since_ms
    if since_ms >= until_ms:
        raise DocumentError([Problem("from", "'from' must not be after 'to'")])
    last_ms = until_ms - 1
    if last_ms - since_ms > MAX_DAYS * DAY_MS:
        raise DocumentError([Problem("from", f"The dates may be at most {MAX_DAYS} days apart")])
    return Page(
        since_ms,
        until_ms,
        whole(query.get("limit") or str(MAX_LISTED), "limit", 1, MAX_LISTED),
        _place(query),
    )


def page_json(page: Page, movies: Sequence[Any], more_after: Project | None) -> dict[str, Any]:
    """more_after: the last project of this page, when there are others after it."""
    return {
        "success": True,
        "from": timestamp(page.since_ms),
        "to": timestamp(page.until_ms - 1),
        "count": len(movies),
        "limit": page.limit,
        "has_next": more_after is not None,
        "has_prev": page.before is not None,
        "next_token": f"{more_after.created_at_ms}-{more_after.id}" if more_after else None,
        "movies": movies,
    }


def _moment(query: Mapping[str, str], names: tuple[str, str], *, end: bool) -> int | None:
    """The date under one of the names, or the end of it."""
    name = next((name for name in names if query.get(name)), None)
    if name is None:
        return None
    try:
        return moment_ms(query[name], end=end)
    except (ValueError, OverflowError):
        raise DocumentError([Problem(name, f"'{name}' must be an ISO 8601 date")]) from None


def _place(query: Mapping[str, str]) -> tuple[int, str] | None:
    token = query.get("next_token")
    if not token:
        return None
    created_at_ms, _, project_id = token.partition("-")
    digits = created_at_ms.isascii() and created_at_ms.isdigit() and len(created_at_ms) < 16
    if not (digits and is_project_id(project_id)):
        raise DocumentError([Problem("next_token", "'next_token' is not one of ours")])
    return int(created_at_ms), project_id
