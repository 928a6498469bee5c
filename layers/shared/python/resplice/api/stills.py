"""Stills: pictures of a movie that is not rendered for them."""

from __future__ import annotations

from resplice.api.movies import CREATED, DOCUMENT, REPEATED, posted
from resplice.api.operation import Answer, Call, Operation, Parameter, text
from resplice.api.service import Service
from resplice.core.wanted_stills import MAX_SIDE, Stills, seconds_said, sheet_said
from resplice.errors import Conflict, DocumentError, NotFound, Problem, QuotaExceeded, Unavailable

PATH, AT, SHEET, PAY = "/v2/stills", "at", "sheet", "pay"
WANTED = "A time in seconds must be provided in the 'at' query parameter, or '4x3' in 'sheet'"


def create_still(call: Call, service: Service) -> Answer:
    return {"project": posted(call, service, stills=_wanted(call))}


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
            Parameter(
                PAY,
                "Whether providers may be paid for what is missing of the movie's elements, as for"
                " rendering it; else a movie that lacks such has no still",
                {"type": "boolean", "default": False},
            ),
            REPEATED,
        ),
        body=DOCUMENT,
        answer=CREATED,
        errors=(DocumentError, Conflict, NotFound, QuotaExceeded, Unavailable),
        examples={"one scene": {"scenes": [{"duration": 2, "background-color": "#204080"}]}},
    ),
)
