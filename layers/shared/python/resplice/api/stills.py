"""Stills: pictures of a movie that is not rendered for them."""

from __future__ import annotations

from functools import partial

from aws_lambda_powertools.event_handler import Response

from resplice.api.answers import answer
from resplice.api.movie_json import movie_json
from resplice.api.movies import (
    CREATED,
    DOCUMENT,
    PROJECT_WANTED,
    REPEATED,
    posted,
    submitted,
)
from resplice.api.operation import Answer, Call, Operation, Parameter, described, text
from resplice.api.service import Service
from resplice.core.wanted_stills import MAX_SIDE, Stills, seconds_said, sheet_said
from resplice.errors import Conflict, DocumentError, NotFound, Problem, QuotaExceeded, Unavailable
from resplice.ports.projects import Project
from resplice.steps.projects import is_project_id
from resplice.steps.stills_of_projects import still_of

PATH, AT, SHEET, PAY = "/v2/stills", "at", "sheet", "pay"
FRESH = {"Cache-Control": "no-store"}
GONE = "The picture is not there any more: post the movie's document to have it made anew"
NOT_BEGUN = "The picture is not begun: a GET begins it"
PAYS_BY_POST = "'pay' is for POST: to have a still that costs something, post the movie's document"
WANTED = "A time in seconds must be provided in the 'at' query parameter, or '4x3' in 'sheet'"


def create_still(call: Call, service: Service) -> Answer:
    return {"project": posted(call, service, stills=_wanted(call))}


def get_still(call: Call, service: Service) -> Answer:
    """The way to the picture. Who asks first has it begun."""
    project, wanted = call.query.get("project", call.query.get("id", "")), _wanted(call)
    if not is_project_id(project):
        raise DocumentError([Problem("project", PROJECT_WANTED)])
    if wanted.pays:
        raise DocumentError([Problem(PAY, PAYS_BY_POST)])

    def post(document: bytes, still: str) -> str:
        if call.looks:
            raise NotFound(NOT_BEGUN)
        return submitted(document, call, service, project_id=still, stills=wanted)

    ports = service.ports.of(call.caller.owner)
    return _led_to(still_of(project, wanted, call.caller.owner, ports, post), service)


def _led_to(still: Project, service: Service) -> Response[str]:
    told = partial(answer, now_ms=service.ports.clock.now_ms())
    if still.status == "done":
        url = movie_json(still, service.base_url, simple=True)["url"]
        if url is None:
            raise NotFound(GONE)
        return Response(302, None, None, {"Location": url, **FRESH})
    if still.status in ("error", "timeout"):
        failed = {"success": False, "project": still.id, "message": still.message}
        return told(400, failed, headers=dict(FRESH))
    waits = {"success": True, "project": still.id, "status": still.status}
    return told(202, waits, headers={"Retry-After": "1", **FRESH})


def _wanted(call: Call) -> Stills:
    """Raises DocumentError."""
    at, sheet = call.query.get(AT, ""), call.query.get(SHEET, "")
    if bool(at) == bool(sheet):
        raise DocumentError([Problem(AT, WANTED)])
    pays = call.flag(PAY)
    try:
        if at:
            return Stills((seconds_said(at),), pays=pays)
        return Stills(sheet=sheet_said(sheet), pays=pays)
    except ValueError:
        raise DocumentError([_refused(at)]) from None


def _refused(at: str) -> Problem:
    if at:
        return Problem(AT, "'at' must be a number of seconds, 0 or more")
    return Problem(SHEET, f"'sheet' must be columns and rows, such as 4x3, {MAX_SIDE} each at most")


FRAMES = (
    Parameter(
        AT,
        "Seconds from the beginning: the frame that is shown then",
        {"type": "number", "minimum": 0},
    ),
    Parameter(
        SHEET,
        "In place of `at`: columns and rows of frames at equal distances, such as `4x3`",
        text(pattern="^[0-9]+x[0-9]+$"),
    ),
)
PAYS = Parameter(
    PAY,
    "Whether providers may be paid for what is missing of the movie's elements, as for"
    " rendering it; else a movie that lacks such has no still",
    {"type": "boolean", "default": False},
)

OPERATIONS = (
    Operation(
        *("POST", PATH, create_still),
        role="render",
        summary="Make a picture of a movie",
        description="One frame as the rendered movie would have it, before it is encoded; or many"
        " on one sheet. It is a PNG, 8-bit sRGB. Answers at once with the id of a project, which is"
        " asked for, listed and deleted as that of a movie, with the picture in `url`. Nothing is"
        " rendered, no export is told, and providers are paid nothing unless `pay` says so. A time"
        " at which the movie is over is told by the project: lengths are known once all is made.",
        parameters=(
            *FRAMES,
            PAYS,
            REPEATED,
        ),
        body=DOCUMENT,
        answer=CREATED,
        errors=(DocumentError, Conflict, NotFound, QuotaExceeded, Unavailable),
        examples={"one scene": {"scenes": [{"duration": 2, "background-color": "#204080"}]}},
    ),
    Operation(
        *("GET", PATH, get_still),
        role="render",
        summary="A picture of a project's movie",
        description="The first request begins it, as posting the document of the project does;"
        " until it is there the answer is 202, to be asked again after a second, and then leads to"
        " the PNG. `project` in an answer is the picture's own. A failure is told for a while;"
        " whoever asks later has it tried again. Nobody is paid for it: `pay` is refused. A HEAD"
        " begins nothing.",
        parameters=(
            Parameter("project", "Whose document it is", text()),
            Parameter("id", "The same as `project`", text()),
            *FRAMES,
        ),
        status=202,
        answer=described("Begun", project=text(), status={"enum": ["pending", "running"]}),
        leads_to="The picture is there",
        errors=(DocumentError, NotFound, QuotaExceeded, Unavailable),
    ),
)
