"""The API about itself: `/openapi.json`, and `/docs`, a page to read and to try it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from aws_lambda_powertools.event_handler import Response

from resplice import __version__
from resplice.api.openapi import document
from resplice.api.operation import Answer, Call, Operation
from resplice.api.service import Service

SWAGGER = "aws_lambda_powertools.event_handler.openapi.swagger_ui"
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The page has all that it needs in it, and calls nobody but us."""


def with_documentation(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """The operations, and those that tell of them all."""

    @cache
    def described() -> str:
        return json.dumps(document(every, __version__), ensure_ascii=False)

    def openapi_json(call: Call, service: Service) -> Answer:
        return Response(200, "application/json", described())

    def docs(call: Call, service: Service) -> Answer:
        headers = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
        return Response(200, "text/html; charset=utf-8", _page(described()), dict(headers))

    own = (
        Operation(
            *("GET", "/openapi.json", openapi_json),
            role=None,
            summary="This API as an OpenAPI 3.1 document",
            answer={"type": "object"},
        ),
        Operation(
            *("GET", "/docs", docs),
            role=None,
            summary="A page to read this API and to try it",
            answer={"type": "string"},
            media="text/html; charset=utf-8",
        ),
    )
    every = (*operations, *own)
    return every


@cache
def _page(described: str) -> str:
    # A fifth of the time in which the API starts, for a page that is seldom read.
    from aws_lambda_powertools.event_handler.openapi.swagger_ui import generate_swagger_html

    style, script = (
        (files(SWAGGER) / name).read_text()
        for name in ("swagger-ui.min.css", "swagger-ui-bundle.min.js")
    )
    page = generate_swagger_html(described.replace("</", "<\\/"), script, style, "", None)
    return page.replace("<title>Swagger UI</title>", "<title>Resplice</title>")
