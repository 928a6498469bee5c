"""Movies: post one, look at one, list all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from resplice.api.exports import deliveries_json
from resplice.api.forecast_json import FORECAST, forecast_json
from resplice.api.movie_json import MOVIE, fitted, fitting, in_one_piece, movie_json
from resplice.api.operation import (
    ANY_OBJECT,
    TIME,
    Answer,
    Call,
    Operation,
    Parameter,
    described,
    text,
)
from resplice.api.pages import asked, page_json
from resplice.api.plan_json import PLAN, plan_json
from resplice.api.service import Service
from resplice.api.timestamps import timestamp
from resplice.core.wanted_stills import Stills
from resplice.errors import Conflict, DocumentError, NotFound, Problem, QuotaExceeded, Unavailable
from resplice.steps import deleting, projects, quotas
from resplice.steps.access import Caller
from resplice.steps.deliver.replay import deliveries_of
from resplice.steps.dry_run import dry_run
from resplice.steps.expiry import looked_after
from resplice.steps.forecast import forecast
from resplice.steps.repeating import HEADER, MAX_KEY_CHARS

SINCE = "since"
PATH, DRY_RUN, MAKE, FORECASTS = "/v2/movies", "dry-run", "make", "forecast"
PROJECT_WANTED = "A 16-character project ID must be provided in the 'project' query parameter"
REMAINING_QUOTA = {"movies": 1_000_000, "drafts": 1_000_000, "time": 1_000_000_000}
"""Where there is no quota; clients read one all the same."""
PLAIN = frozenset(("accept", "accept-encoding", "user-agent"))
"""JSON2Video's SDKs send none of these headers; whoever does reads an answer to its end."""
QUOTA = {
    "type": "object",
    "properties": {name: {"type": "number"} for name in REMAINING_QUOTA},
    "required": ["time"],
}

REPEATED = Parameter(
    HEADER,
    "The same key with the same request leads to the same project for 24 hours",
    text(minLength=1, maxLength=MAX_KEY_CHARS),
    place="header",
)
DOCUMENT = {
    **ANY_OBJECT,
    "description": "A movie, see `resplice schema`; or a call: `template`, `variables`.",
}
CREATED = described("Created", project=text("16 letters and digits"))


def create_movie(call: Call, service: Service) -> Answer:
    dry = call.flag_or(DRY_RUN, MAKE, FORECASTS)
    ports = service.ports.of(call.caller.owner)
    if dry == FORECASTS:
        found = forecast(call.body, ports, service.read, call.query.get(SINCE), service.away)
        return {"forecast": forecast_json(found)}
    if dry == "true":
        return {"plan": plan_json(dry_run(call.body, ports, service.read))}
    return {"project": posted(call, service, elements_only=dry == MAKE)}


def posted(
    call: Call, service: Service, *, elements_only: bool = False, stills: Stills | None = None
) -> str:
    """The id of the project of what was posted. Raises as projects.submit."""
    key = call.headers.get(HEADER.lower())
    wanted = {"elements_only": elements_only, "stills": stills}
    return submitted(call.body, call, service, idempotency_key=key, **wanted)


def submitted(document: bytes, call: Call, service: Service, **more: Any) -> str:
    """The id of the project of a document. more: as projects.submit has it. Raises as that."""
    return projects.submit(
        document,
        service.coalescer,
        call.caller.owner,
        on_posted=service.posted,
        read=call.noting(service.read),
        bounded=call.caller.bounded,
        **more,
    )


def get_movies(call: Call, service: Service) -> Answer:
    """One project, or a page of the list of all."""
    project = call.query.get("project", call.query.get("id"))
    told = _listing(call, service) if project is None else _status(project, call, service)
    return {**told, "remaining_quota": remaining(call.caller, service)}


def remaining(caller: Caller, service: Service) -> Mapping[str, int]:
    """What is left of the quotas of who calls: seconds, which are credits."""
    left = quotas.seconds_left(caller.owner, service.ports.of(caller.owner, caller.bounded))
    return REMAINING_QUOTA if left is None else {**REMAINING_QUOTA, "time": left}


def delete_movie(call: Call, service: Service) -> Answer:
    project_id = call.query.get("project", call.query.get("id", ""))
    if not projects.is_project_id(project_id):
        raise DocumentError([Problem("project", PROJECT_WANTED)])
    deleted_at_ms = deleting.delete(project_id, call.caller.owner, service.coalescer)
    return {"project": project_id, "deleted_at": timestamp(deleted_at_ms)}


def _status(project_id: str, call: Call, service: Service) -> Mapping[str, Any]:
    """One project; format=simple: without its document."""
    if not project_id:
        raise DocumentError([Problem("project", PROJECT_WANTED)])
    found = projects.status(project_id, call.caller.owner, service.ports)
    (project,) = looked_after([found], service.ports)
    simple = call.query.get("format") == "simple"
    percent = projects.percent(project, service.ports)
    movie = movie_json(project, service.base_url, simple=simple, percent=percent)
    if project.exports:
        movie["exports"] = deliveries_json(deliveries_of(project, service.ports))
    fit = in_one_piece if PLAIN.isdisjoint(call.headers) else fitted
    return {"movie": fit(movie, service.limits)}


def _listing(call: Call, service: Service) -> Mapping[str, Any]:
    """A page of projects, newest first: as many as fit one answer."""
    page = asked(call.query, service.ports.clock.now_ms())
    found = projects.newest_first(
        *(call.caller.owner, page.since_ms, page.until_ms, page.limit + 1, page.before),
        service.ports,
        with_files=True,
    )
    percent = partial(projects.percent, ports=service.ports)
    shown, more = fitting(found, page.limit, service.base_url, service.limits, percent)
    return page_json(page, shown, more)


OPERATIONS = (
    Operation(
        *("POST", PATH, create_movie),
        role="render",
        summary="Render a movie",
        description="Answers at once with the id of its project, by which its status is asked; or,"
        " when `dry-run` is `true`, with what would be done.",
        parameters=(
            Parameter(
                DRY_RUN,
                "`true`: tell what would be rendered and paid, and make nothing. `make`: make what"
                " such a plan needs to be whole, the movie's elements that are not in the cache, in"
                " a project that renders nothing, tells nobody, and is done without a movie."
                " `forecast`: tell scene by scene what a render would do, and where all is, with"
                " what is not made yet assumed",
                {"enum": ["true", "false", MAKE, FORECASTS], "default": "false"},
            ),
            Parameter(
                SINCE,
                "Of a forecast: an earlier project; a scene's reason is what is otherwise than in"
                " that, in the document's words",
                text(),
            ),
            REPEATED,
        ),
        body=DOCUMENT,
        answer={
            "anyOf": [
                CREATED,
                described("DryRun", plan=PLAN),
                described("DryForecast", forecast=FORECAST),
            ]
        },
        errors=(DocumentError, Conflict, QuotaExceeded, Unavailable),
        examples={"one scene": {"scenes": [{"duration": 2, "background-color": "#204080"}]}},
    ),
    Operation(
        *("GET", PATH, get_movies),
        role="viewer",
        summary="Look at one movie, or list all",
        parameters=(
            Parameter("project", "Of one movie; without it they are listed", text()),
            Parameter("id", "The same as `project`", text()),
            Parameter("format", "`simple`: without the document, of one movie", text()),
            Parameter("date_start", "The list begins there, ISO 8601; also `from`", text()),
            Parameter("date_end", "The list ends there, 93 days later at most; also `to`", text()),
            Parameter("limit", "Of the list, 100 at most", {"type": "integer", "minimum": 1}),
            Parameter("next_token", "As the page before told", text()),
        ),
        answer={
            "type": "object",
            "properties": {
                "success": {"const": True},
                "movie": MOVIE,
                "movies": {"type": "array", "items": MOVIE},
                **{name: TIME for name in ("from", "to")},
                **{name: {"type": "integer"} for name in ("count", "limit")},
                **{name: {"type": "boolean"} for name in ("has_next", "has_prev")},
                "next_token": {"type": ["string", "null"]},
                "remaining_quota": QUOTA,
            },
            "required": ["success", "remaining_quota", "timestamp"],
        },
        errors=(DocumentError, NotFound),
    ),
    Operation(
        *("DELETE", PATH, delete_movie),
        role="render",
        summary="Delete a movie, or cancel one that is being made",
        description="Its record stays listed, with `deleted_at` and without a `url`; its files go,"
        " unless another movie that is equal to it has them. Again it changes nothing.",
        parameters=(
            Parameter("project", "The id of the movie's project", text()),
            Parameter("id", "The same as `project`", text()),
        ),
        answer=described("Deleted", project=text(), deleted_at=TIME),
        errors=(DocumentError, NotFound),
    ),
)
