"""Who may call: a request needs an API key that is good for it, if keys are asked for."""

from __future__ import annotations

from collections.abc import Callable

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from resplice.api.service import Service
from resplice.steps import access

Middleware = Callable[..., Response[str]]


def key_needed(service: Service) -> Middleware:
    """What lets a request through. Raises AccessRefused, Forbidden."""

    def with_key(app: APIGatewayHttpResolver, next_middleware: Middleware) -> Response[str]:
        event = app.current_event
        if service.keyed:
            given = event.headers.get("x-api-key") or ""
            rendering = event.http_method == "POST"
            access.check(given, service.api_key, service.ports, rendering=rendering)
        return next_middleware(app)

    return with_key
