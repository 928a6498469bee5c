"""Calls of the API as tests make them: events into its handler, and what all answers must be."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from functions.api.handler import handler

MOVIE = {"width": 64, "height": 64, "scenes": [{"duration": 1, "background-color": "#102030"}]}
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
MAX_LAMBDA_BYTES = 6_291_556
"""Of an answer, as the runtime encodes it; the older runtimes escape all that is not ASCII."""


@dataclass
class Noted:
    """A workflow that starts nothing."""

    started: list[str] = field(default_factory=list)

    def start(self, project_id: str, movie_key: str | None) -> None:
        self.started.append(project_id)


def call(
    method: str,
    path: str,
    body: Any = None,
    key: str | None = None,
    encoded: bool = False,
    query: dict[str, str] | None = None,
) -> tuple[int, dict[str, Any]]:
    """Status and JSON of one call; body: JSON to be, or bytes. It checks what all answers have."""
    path, _, raw_query = path.partition("?")
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    text = base64.b64encode(raw).decode() if encoded else raw.decode()
    event = {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": raw_query,
        "headers": {} if key is None else {"x-api-key": key},
        "queryStringParameters": query or dict(parse_qsl(raw_query, keep_blank_values=True)),
        "requestContext": {"http": {"method": method, "path": path}, "stage": "$default"},
        "body": text,
        "isBase64Encoded": encoded,
    }
    outcome = handler(event, None)
    assert len(json.dumps(outcome)) < MAX_LAMBDA_BYTES
    answer = json.loads(outcome["body"].encode())
    assert outcome["headers"]["Content-Type"] == "application/json"
    assert TIMESTAMP.fullmatch(answer.pop("timestamp"))
    return outcome["statusCode"], answer


def posted(body: Any) -> str:
    status, answer = call("POST", "/v2/movies", body)
    assert status == 200, answer
    assert answer.keys() == {"success", "project"} and answer["success"] is True
    return str(answer["project"])


def movie_of(project: str, more: str = "") -> dict[str, Any]:
    status, answer = call("GET", f"/v2/movies?project={project}{more}")
    assert status == 200 and answer["success"] is True
    assert answer["remaining_quota"].keys() == {"movies", "drafts", "time"}
    return dict(answer["movie"])
