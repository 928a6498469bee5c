"""The cache, for people: what a movie was made from, and why what was made was not there; how much
the cache holds, and what it is worth. How it is purged is beside this.
"""

from __future__ import annotations

from typing import Any

from resplice.api.movie_json import fitted
from resplice.api.operation import Answer, Call, Operation, Parameter, described, text, whole
from resplice.api.service import Service
from resplice.api.timestamps import timestamp
from resplice.core.tallies import LAYERS, RESULTS
from resplice.errors import DocumentError, NotFound
from resplice.steps import cache_report
from resplice.steps.cache_sizes import LayerSize, layer_sizes
from resplice.steps.tallying import lately

RESULT = {"enum": ["hit", "miss", "bypass", "joined"]}
WHY = {
    "type": "array",
    "items": {"type": "string"},
    "description": "Of what was made: why it was not there, in the document's words",
    "examples": [["scenes[3].elements[1].text changed"]],
}
COUNT = {"type": "integer", "minimum": 0}


OF_MOVIE = {
    "enum": [*RESULT["enum"], None],
    "description": "null where only its elements were asked for",
}


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
            "properties": {"result": OF_MOVIE, "key": text(), "why": WHY},
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
    project, ports = call.parts["project"], service.ports
    told = cache_report.explanation(project, call.caller.owner, ports, service.away)
    against = {"project": told.against, "because": told.because} if told.against else None
    report = fitted({"cache": told.report}, service.limits)
    return {"project": told.project.id, "status": told.project.status, **report, "against": against}


DAYS, MOST_DAYS = 7, 366
NUMBER = {"type": "number", "minimum": 0}
SIZE = {
    "type": "object",
    "properties": {
        "objects": COUNT,
        "bytes": COUNT,
        "at_least": {"type": "boolean", "description": "There is more than was counted"},
    },
    "required": ["objects", "bytes", "at_least"],
}
HITS = {
    "type": "object",
    "properties": {
        **{result: COUNT for result in RESULTS},
        "rate": {"type": ["number", "null"], "description": "Of all, the share that was kept"},
    },
    "required": [*RESULTS, "rate"],
}
WORTH = {
    "type": "object",
    "properties": {
        "layers": {
            "type": ["object", "null"],
            "description": "What is stored, of all owners: told to the first one only",
            "properties": {layer: SIZE for layer in LAYERS},
        },
        "since": text(format="date-time"),
        "hits": {"type": "object", "properties": {layer: HITS for layer in LAYERS}},
        "rendered_seconds": NUMBER,
        "saved_seconds": {**NUMBER, "description": "Of work, which the cache spared"},
        "spent_usd": NUMBER,
        "saved_usd": {**NUMBER, "description": "By list prices, not paid to providers again"},
    },
    "required": ["layers", "since", "hits", "rendered_seconds", "saved_seconds", "saved_usd"],
}


def get_worth(call: Call, service: Service) -> Answer:
    days = whole(call.query.get("days") or str(DAYS), "days", 1, MOST_DAYS)
    ports = service.ports.of(call.caller.owner)
    since_ms, sums = lately(call.caller.owner, days, ports)
    sizes = layer_sizes(ports)
    layers = None if sizes is None else {name: _size(each) for name, each in sizes.items()}
    return {"cache": {"layers": layers, "since": timestamp(since_ms), **sums}}


def _size(layer: LayerSize) -> dict[str, Any]:
    return {"objects": layer.objects, "bytes": layer.size_bytes, "at_least": layer.at_least}


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
    Operation(
        *("GET", "/v2/cache", get_worth),
        role="viewer",
        summary="How much the cache holds, and what it is worth",
        description=(
            "Sizes are of now; hit rates, seconds and money are of the last days, counted when a "
            "project ends."
        ),
        parameters=(
            Parameter(
                "days",
                f"Of UTC, today included; {DAYS} when not said",
                {"type": "integer", "minimum": 1, "maximum": MOST_DAYS},
            ),
        ),
        answer=described("Cache", cache=WORTH),
        errors=(DocumentError,),
    ),
)
