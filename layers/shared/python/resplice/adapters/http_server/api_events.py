"""An HTTP request as an API Gateway event (payload 2.0), and a handler's result as an answer.

The local stand-in for API Gateway's own translation. No sockets.
"""

from __future__ import annotations

import base64
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MAX_QUERY_FIELDS = 100

_TEXT = re.compile(r"text/.*|application/(json|javascript|xml)")


Headers = Sequence[tuple[str, str]]
"""Names in small letters."""


def event(method: str, target: str, headers: Headers, body: bytes, peer: str) -> dict[str, Any]:
    """The event of a request; target is what stands in the request line.

    Raises ValueError for a target that is no URL or has too many fields.
    """
    parts = urlsplit(target)
    named = joined(headers)
    cookies = named.pop("cookie", "")
    query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=MAX_QUERY_FIELDS)
    text = _as_text(named.get("content-type", "").partition(";")[0].strip().lower(), body)
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": parts.path,
        "rawQueryString": parts.query,
        "headers": named,
        "requestContext": _context(method, parts.path, named, peer),
        "isBase64Encoded": text is None,
    }
    if query:
        made["queryStringParameters"] = joined(query)
    if cookies:
        made["cookies"] = [cookie.strip() for cookie in cookies.split(";")]
    if body:
        made["body"] = base64.b64encode(body).decode() if text is None else text
    return made


def answer(result: Mapping[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what a handler returned."""
    body = result.get("body") or ""
    raw = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    headers = {name: str(value) for name, value in (result.get("headers") or {}).items()}
    return int(result["statusCode"]), headers, raw


def joined(pairs: Headers) -> dict[str, str]:
    """Values of one name stand in one string, parted by commas."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _as_text(content_type: str, body: bytes) -> str | None:
    """The body as a string, or None when it has to travel as base64."""
    if body and not _TEXT.fullmatch(content_type):
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _context(method: str, path: str, headers: Mapping[str, str], peer: str) -> dict[str, Any]:
    now_s = time.time()
    return {
        "accountId": "local",
        "apiId": "local",
        "domainName": headers.get("host", ""),
        "domainPrefix": "local",
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": peer,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": uuid.uuid4().hex,
        "routeKey": "$default",
        "stage": "$default",
        "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now_s)),
        "timeEpoch": int(now_s * 1000),
    }
