"""Calls of the API as tests make them: events into its handler, and what all answers must be."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from resplice.api import app
from resplice.api.service import Service
from resplice.ports import Ports
from resplice.steps.access import Caller
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.local import execute
from resplice.steps.execution.progress import ProjectProgress
from resplice.steps.messages import log_failure
from resplice.wiring.service import LIMITS

MOVIE = {"width": 64, "height": 64, "scenes": [{"duration": 1, "background-color": "#102030"}]}
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
MAX_LAMBDA_BYTES = 6_291_556
"""Of an answer, as the runtime encodes it; the older runtimes escape all that is not ASCII."""


@dataclass
class Noted:
    """Executions that are never begun."""

    started: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)

    def start(self, project_id: str) -> bool:
        self.started.append(project_id)
        return True

    def cancel(self, project_id: str) -> None:
        self.cancelled.append(project_id)


_handlers: list[app.Handler] = []


def use(
    ports: Ports, executions: Noted, owner: str, api_key: str | None = None, **more: Any
) -> None:
    """From now on calls are of this service."""
    own = Caller(owner, "admin", "")
    coalescer = Coalescer(ports, executions)
    service = Service(coalescer, api_key, "https://movies.example", LIMITS, own=own, **more)
    _handlers[:] = [app.handler(service)]


def play(project: str, ports: Ports, stopping: Callable[[], bool] = lambda: False) -> None:
    """The execution of the project, here and now."""
    watcher = ProjectProgress(project, ports, stopping)
    end = execute(project, Coalescer(ports, Noted()), watcher)
    if isinstance(end, Exception):
        log_failure(end, project)


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
        "headers": {"accept": "*/*", **({} if key is None else {"x-api-key": key})},
        "queryStringParameters": query or dict(parse_qsl(raw_query, keep_blank_values=True)),
        "requestContext": {"http": {"method": method, "path": path}, "stage": "$default"},
        "body": text,
        "isBase64Encoded": encoded,
    }
    outcome = _handlers[0](event, None)
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
