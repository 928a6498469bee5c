"""Errors to HTTP: the status and the body of an answer that reports one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response

from resplice.api.answers import answer
from resplice.errors import (
    AccessRefused,
    Conflict,
    DocumentError,
    Forbidden,
    MakeError,
    NotFound,
    QuotaExceeded,
    RateLimited,
    RespliceError,
    SourceError,
    TooLarge,
    Unavailable,
)
from resplice.steps.messages import plain_message, problems_message

STATUS: Mapping[type[RespliceError], int] = {
    DocumentError: 400,
    SourceError: 400,
    MakeError: 400,
    AccessRefused: 400,
    Forbidden: 403,
    NotFound: 400,
    QuotaExceeded: 401,
    Conflict: 409,
    TooLarge: 413,
    RateLimited: 429,
    Unavailable: 503,
}
"""As in JSON2Video, whose 404 is for routes. The nearest family counts; all others are 500."""
INTERNAL = 500

log = logging.getLogger(__name__)


def error_response(error: Exception, now_ms: int) -> Response[str]:
    """The answer for an error. What is our fault goes to the log."""
    status = status_of(error)
    if status == INTERNAL:
        log.error("the request failed: %s", error, exc_info=error)
    return answer(status, error_body(error), now_ms, _headers(error))


def _headers(error: Exception) -> dict[str, Any]:
    if isinstance(error, RateLimited):
        told = {"Retry-After": error.retry_after_s}
        if error.most is not None:
            limit = {"Limit": error.most, "Remaining": 0, "Reset": error.retry_after_s}
            told |= {f"X-RateLimit-{name}": value for name, value in limit.items()}
        return {name: str(value) for name, value in told.items()}
    return {"Retry-After": "30"} if isinstance(error, Unavailable) else {}


def status_of(error: Exception) -> int:
    found = (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return next(found, INTERNAL)


def error_body(error: Exception) -> dict[str, Any]:
    """What the caller is told; of an error that nobody foresaw nothing but that it happened."""
    if isinstance(error, DocumentError | MakeError):
        message, listed = problems_message(error.problems, "; ")
        problems = [{"path": problem.path, "message": problem.message} for problem in listed]
        return {"success": False, "message": message, "errors": problems}
    message = plain_message(error) if isinstance(error, RespliceError) else "Internal error"
    return {"success": False, "message": message}
