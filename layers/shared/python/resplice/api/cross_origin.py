"""Cross-origin requests: which web pages' scripts may call. None, unless the operator says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from aws_lambda_powertools.event_handler import Response

ASKED_FOR = "x-api-key, content-type, idempotency-key"
SHOWN = "retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset"
KEPT_SECONDS = "600"


def allowing(origin: str | None, origins: Collection[str]) -> dict[str, str]:
    """The headers that let a page of this origin read an answer. origins: `*` stands for all."""
    if not origin or not ({origin.lower(), "*"} & {*origins}):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": SHOWN,
        "Vary": "Origin",
    }


def preflight(headers: Mapping[str, str], methods: str, origins: Collection[str]) -> Response[str]:
    """The answer to OPTIONS. methods: what the path takes."""
    told = {"Allow": methods}
    if allowing(headers.get("origin"), origins):
        told |= {
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": ASKED_FOR,
            "Access-Control-Max-Age": KEPT_SECONDS,
        }
    return Response(204, None, None, dict(told))
