"""The cache, for people: what a movie was made from, and why what was made was not there."""

from __future__ import annotations

from typing import Any

from resplice.api.movie_json import fitted
from resplice.api.operation import Answer, Call, Operation, described, text
from resplice.api.service import Service
from resplice.errors import NotFound
from resplice.steps import cache_report

RESULT = {"enum": ["hit", "miss", "bypass", "joined"]}
WHY = {
    "type": "array",
    "items": {"type": "string"},
    "description": "Of what was made: why it was not there, in the document's words",
    "examples": [["scenes[3].elements[1].text changed"]],
}
COUNT = {"type": "integer", "minimum": 0}


def _parts(**properties: Any) -> dict[str, Any]:
    told = {**properties, "result": RESULT, "why": WHY}
    item = {"type": "object", "properties": told, "required": ["result"]}
    return {"type": "array", "items": item}


REPORT = {
    "type": ["object", "null"],
    "description": "What the movie was made from; null while it is not made",
    "properties": {
        "movie": {
            "type": "object",
            "properties": {"result": RESULT, "key": text(), "why": WHY},
            "required": ["result", "key"],
        },
        "scenes": _parts(scene={**COUNT, "description": "From 1"}, key=text(), reason=text()),
        "transitions": _parts(into_scene=COUNT),
        "elements": _parts(path=text(), type=text(), key=text(), content=text()),
        "timings_ms": {"type": "object", "additionalProperties": {"type": "number"}},
        "rendered_ms": {**COUNT, "description": "What making took, whoever made it, added up"},
        "saved_ms": {**COUNT, "description": "What making took that came from the cache"},
    },
    "required": ["movie"],
}
AGAINST = {
    "type": ["object", "null"],
    "description": "The earlier render with which it was compared, if there is one",
    "properties": {"project": text(), "because": text()},
    "required": ["project", "because"],
}


def get_report(call: Call, service: Service) -> Answer:
    told = cache_report.explanation(call.parts["project"], call.caller.owner, service.ports)
    against = {"project": told.against, "because": told.because} if told.against else None
    report = fitted({"cache": told.report}, service.limits)
    return {"project": told.project.id, "status": told.project.status, **report, "against": against}


OPERATIONS = (
    Operation(
        *("GET", "/v2/movies/{project}/cache", get_report),
        role="viewer",
        summary="What a movie was made from, and why",
        description=(
            "The cache report, with the reason of every miss: compared is with the nearest "
            "earlier render of the movie. Scenes and elements are counted as the movie has them "
            "once it is expanded."
        ),
        answer=described(
            "CacheReport",
            project=text(),
            status={"enum": ["pending", "running", "done", "error", "timeout"]},
            cache=REPORT,
            against=AGAINST,
        ),
        errors=(NotFound,),
    ),
)
