"""What a provider says when it refuses, in one line that may be shown."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from resplice.adapters.providers.secrecy import without

MAX_REASON_CHARS = 300


def refusal(status: int, body: bytes, secrets: Iterable[str]) -> str:
    """`401 Invalid API key`: the status with the provider's reason, or with what it means."""
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    return f"{status} {without(reason_in(body), secrets) or phrase}".strip()


def reason_in(body: bytes) -> str:
    """What an answer says of its refusal, in one line, cut; empty when that is no plain text."""
    try:
        found = _message(json.loads(body[: 1 << 16]))
    except (ValueError, RecursionError):
        found = body[:4096].decode(errors="replace").strip()
        found = "" if found.startswith(("<", "{", "[")) else found
    line = " ".join(found.split())
    return "".join(filter(str.isprintable, line))[:MAX_REASON_CHARS]


def _message(value: Any) -> str:
    """The first text under a name that providers use for it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return next(filter(None, map(_message, value)), "")
    if isinstance(value, dict):
        names = ("message", "detail", "error", "title", "reason", "msg", "innererror")
        return next(filter(None, (_message(value.get(name)) for name in names)), "")
    return ""
