"""All routes as one Lambda handler of API Gateway's events (payload 2.0)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from resplice.api import health, movies
from resplice.api.answers import answer
from resplice.api.errors import error_response
from resplice.api.service import Service

RESOURCES = (movies, health)
ALLOWED = {resource.PATH: resource.METHODS for resource in RESOURCES}

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def handler(service: Service) -> Handler:
    """Any number of threads may call it at once: each has a set of routes to itself meanwhile."""
    idle: list[_Routes] = []

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        try:
            routes = idle.pop()
        except IndexError:
            routes = _Routes(service)
        try:
            return routes.resolve(event, context)
        finally:
            idle.append(routes)

    return handle


class _Routes(APIGatewayHttpResolver):
    """All routes, for one request at a time.

    powertools keeps the request that it answers on the class, where threads would take each
    other's: here it is kept on the instance. Making one takes 0.3 ms, so they are used again.
    """

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._now_ms = service.ports.clock.now_ms
        for resource in RESOURCES:
            self.include_router(resource.routes(service))
        self.not_found(self._no_route)
        self.exception_handler(Exception)(self._failed)

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        self.current_event = APIGatewayProxyEventV2(dict(event))
        return super().resolve(event, context)

    def _failed(self, error: Exception) -> Response[str]:
        return error_response(error, self._now_ms())

    def _no_route(self, _: NotFoundError) -> Response[str]:
        allowed = ALLOWED.get(self.current_event.path)
        if allowed:
            return self._refused(405, "Method not allowed", {"Allow": allowed})
        return self._refused(404, "Not found")

    def _refused(
        self, status: int, message: str, headers: dict[str, Any] | None = None
    ) -> Response[str]:
        return answer(status, {"success": False, "message": message}, self._now_ms(), headers)
