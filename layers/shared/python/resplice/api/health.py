"""The route of health: whether the service answers at all. It asks for no key and reads nothing."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from resplice.api.answers import answer
from resplice.api.service import Service

PATH, METHODS = "/healthz", "GET"


def routes(service: Service) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()

    @router.get(PATH)
    def healthz() -> Response[str]:
        return answer(200, {"success": True}, service.ports.clock.now_ms())

    return router
