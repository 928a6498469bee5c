"""All operations as one Lambda handler of API Gateway's events (payload 2.0)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from resplice.api import (
    bulk,
    caches,
    exports,
    health,
    manifests,
    media,
    movies,
    purging,
    stills,
    studio,
    templates,
)
from resplice.api.answers import answer
from resplice.api.audited import audit
from resplice.api.authorization import caller_of
from resplice.api.cross_origin import allowing, preflight
from resplice.api.documentation import with_documentation
from resplice.api.errors import error_response
from resplice.api.files import file_response
from resplice.api.operation import Call, Operation
from resplice.api.service import Service
from resplice.steps.quotas import Turn, take_turn

RESOURCES = (
    *(movies, bulk, stills, manifests, health, templates, exports, caches, purging, media),
    studio,
)
OPERATIONS = with_documentation(
    [operation for resource in RESOURCES for operation in resource.OPERATIONS]
)

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
Admit = Callable[[str, str, Mapping[str, str]], dict[str, Any] | None]
"""(method, path, headers by names in small letters): the answer of who may not come in."""


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


def gate(service: Service) -> Admit:
    """Whether a request may come in, before its body is read."""

    def admit(method: str, path: str, headers: Mapping[str, str]) -> dict[str, Any] | None:
        known: dict[str, Operation] = {each.method: each for each in operations_at(path)}
        operation = known.get("GET" if method == "HEAD" else method)
        try:
            if operation:
                caller_of(headers, operation, service)
        except Exception as error:
            refused = error_response(error, service.ports.clock.now_ms())
            origin = allowing(headers.get("origin"), service.cors_origins)
            headers_told = {**refused.headers, **origin}
            told = {"statusCode": refused.status_code, "body": refused.body}
            return {**told, "headers": {"Content-Type": refused.content_type, **headers_told}}
        return None

    return admit


def operations_at(path: str) -> Iterator[Operation]:
    """All that have this path."""
    return (each for each in OPERATIONS if _pattern(each.path).fullmatch(path))


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))


class _Routes(APIGatewayHttpResolver):
    """All routes, for one request at a time.

    powertools keeps the request that it answers on the class, where threads would take each
    other's: here it is kept on the instance. Making one takes a moment, so they are used again.
    """

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._service, self._now_ms = service, service.ports.clock.now_ms
        for operation in OPERATIONS:
            path = re.sub(r"\{(\w+)\}", r"<\1>", operation.path)
            methods: list[str] = (
                ["GET", "HEAD"] if operation.method == "GET" else [operation.method]
            )
            self.route(path, method=methods)(self._answering(operation))
        self.not_found(self._no_route)
        self.exception_handler(Exception)(self._failed)

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        self.current_event = APIGatewayProxyEventV2(dict(event))
        answered = super().resolve(event, context)
        headers = self.current_event.headers
        answered["headers"] |= allowing(headers.get("origin"), self._service.cors_origins)
        return answered

    def _answering(self, operation: Operation) -> Callable[..., Response[Any]]:
        def answered(**parts: str) -> Response[Any]:
            event, service = self.current_event, self._service
            caller = caller_of(event.headers, operation, service)
            turn = take_turn(caller.owner, service.ports) if operation.role else None
            query = event.query_string_parameters or {}
            looks = event.http_method == "HEAD"
            call = Call(query, event.headers, parts, _body(event), caller, looks)
            try:
                told = operation.does(call, service)
            except Exception as error:
                told = self._failed(error)
            ended = (told.status_code, {}) if isinstance(told, Response) else (200, told)
            audit(operation, event, call, ended, service)
            if not isinstance(told, Response):
                told = answer(200, {"success": True, **told}, self._now_ms())
            told.headers = {**_limits(turn), **told.headers}
            return told

        return answered

    def _failed(self, error: Exception) -> Response[str]:
        return error_response(error, self._now_ms())

    def _no_route(self, _: NotFoundError) -> Response[str]:
        event = self.current_event
        if file := self._file(event):
            return file
        methods = {operation.method for operation in operations_at(event.path)}
        allowed = ", ".join(
            sorted({*methods, "OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))
        )
        if not methods:
            return self._refused(404, f"Not found: there is no {event.path[:200]} in this API")
        if event.http_method == "OPTIONS":
            return preflight(event.headers, allowed, self._service.cors_origins)
        said = f"Method not allowed: {event.path[:200]} takes {allowed}"
        return self._refused(405, said, {"Allow": allowed})

    def _file(self, event: APIGatewayProxyEventV2) -> Response[str] | None:
        """What is no route may be a file."""
        downloads = self._service.downloads
        if downloads is None:
            return None
        try:
            return file_response(event.path, event.http_method, downloads, self._now_ms())
        except Exception as error:
            return self._failed(error)

    def _refused(
        self, status: int, message: str, headers: dict[str, Any] | None = None
    ) -> Response[str]:
        return answer(status, {"success": False, "message": message}, self._now_ms(), headers)


def _limits(turn: Turn | None) -> dict[str, Any]:
    if turn is None:
        return {}
    told = {"Limit": turn.most, "Remaining": turn.left, "Reset": turn.reset_s}
    return {f"X-RateLimit-{name}": str(value) for name, value in told.items()}


def _body(event: APIGatewayProxyEventV2) -> bytes:
    body = event.body or ""
    return base64.b64decode(body) if event.is_base64_encoded else body.encode()
