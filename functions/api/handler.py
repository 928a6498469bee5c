"""The HTTP API: each request to one step, its outcome to JSON with a timestamp."""

from __future__ import annotations

import base64
import json
import logging
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from resplice.errors import AccessRefused, NotFound, RespliceError
from resplice.steps import access, api
from resplice.wiring.service import current, observed

log = logging.getLogger(__name__)

ALLOWED = {"/v2/movies": "GET, POST", "/healthz": "GET"}

app = APIGatewayHttpResolver()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)


def with_key(app: APIGatewayHttpResolver, next_middleware: Any) -> Response:
    """Lets a request through that has a key which is good for it, if keys are asked for."""
    service, event = current(), app.current_event
    if service.keyed:
        given = event.headers.get("x-api-key") or ""
        rendering = event.http_method == "POST"
        try:
            access.check(given, service.api_key, service.ports, rendering=rendering)
        except AccessRefused as error:
            return told(error)
    return next_middleware(app)


@app.post("/v2/movies", middlewares=[with_key])
def post_movie() -> Response:
    service, event = current(), app.current_event
    body = event.body or ""
    raw = base64.b64decode(body) if event.is_base64_encoded else body.encode()
    project = api.post(raw, service.owner, service.ports, service.workflow, service.posted)
    return answer(200, {"success": True, "project": project})


@app.get("/v2/movies", middlewares=[with_key])
def get_movies() -> Response:
    service, query = current(), app.current_event.query_string_parameters or {}
    project = query.get("project", query.get("id"))
    if project is None:
        return answer(200, api.listing(query, service.owner, service.ports, service.base_url))
    simple = query.get("format") == "simple"
    return answer(
        200, api.status(project, service.owner, service.ports, service.base_url, simple=simple)
    )


@app.get("/healthz")
def healthz() -> Response:
    return answer(200, {"success": True})


@app.exception_handler(RespliceError)
def told(error: RespliceError) -> Response:
    """What is not there is 400 as in JSON2Video: 404 is for routes."""
    status = 400 if isinstance(error, NotFound) else error.http_status
    if status >= 500:
        log.error("the request failed: %s", error, exc_info=error)
    return answer(status, api.refusal(error))


@app.exception_handler(Exception)
def untold(error: Exception) -> Response:
    log.error("the request failed", exc_info=error)
    return refused(500, "Internal error")


@app.not_found
def no_route(_: NotFoundError) -> Response:
    allowed = ALLOWED.get(app.current_event.path)
    if allowed:
        return refused(405, "Method not allowed", {"Allow": allowed})
    return refused(404, "Not found")


def refused(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return answer(status, {"success": False, "message": message}, headers)


def answer(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    timestamp = api.timestamp(current().ports.clock.now_ms())
    whole = {**body, "timestamp": timestamp}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    sendable = text.encode(errors="backslashreplace").decode()  # Half a surrogate pair: \udXXX.
    return Response(status, "application/json", sendable, headers)
