"""The routes of movies: post one, look at one, list all."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from resplice.api.answers import answer
from resplice.api.authorization import key_needed
from resplice.api.movie_json import fitted, fitting, movie_json
from resplice.api.pages import asked, page_json
from resplice.api.service import Service
from resplice.errors import DocumentError, Problem
from resplice.steps import projects

PATH, METHODS = "/v2/movies", "GET, POST"
REMAINING_QUOTA = {"movies": 1_000_000, "drafts": 1_000_000, "time": 1_000_000_000}
"""There is no quota; clients read one all the same."""


def routes(service: Service) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()
    now_ms = service.ports.clock.now_ms
    keyed = [key_needed(service)]

    @router.post(PATH, middlewares=keyed)
    def post_movie() -> Response[str]:
        return answer(200, _posted(_body(router.current_event), service), now_ms())

    @router.get(PATH, middlewares=keyed)
    def get_movies() -> Response[str]:
        query = router.current_event.query_string_parameters or {}
        project = query.get("project", query.get("id"))
        told = _listing(query, service) if project is None else _status(project, query, service)
        return answer(200, {**told, "remaining_quota": REMAINING_QUOTA}, now_ms())

    return router


def _body(event: APIGatewayProxyEventV2) -> bytes:
    body = event.body or ""
    return base64.b64decode(body) if event.is_base64_encoded else body.encode()


def _posted(body: bytes, service: Service) -> dict[str, Any]:
    project_id = projects.submit(
        body, service.coalescer, on_posted=service.posted, read=service.read
    )
    return {"success": True, "project": project_id}


def _status(project_id: str, query: Mapping[str, str], service: Service) -> dict[str, Any]:
    """One project; format=simple: without its document."""
    if not project_id:
        wanted = "A 16-character project ID must be provided in the 'project' query parameter"
        raise DocumentError([Problem("project", wanted)])
    project = projects.status(project_id, service.owner, service.ports)
    simple = query.get("format") == "simple"
    movie = movie_json(project, service.base_url, simple=simple)
    return {"success": True, "movie": fitted(movie, service.limits)}


def _listing(query: Mapping[str, str], service: Service) -> dict[str, Any]:
    """A page of projects, newest first: as many as fit one answer."""
    page = asked(query, service.ports.clock.now_ms())
    found = projects.newest_first(
        service.owner, page.since_ms, page.until_ms, page.limit + 1, page.before, service.ports
    )
    shown, more = fitting(found, page.limit, service.base_url, service.limits)
    return page_json(page, shown, more)
