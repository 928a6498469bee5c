"""A dry run as answers have it."""

from __future__ import annotations

from typing import Any

from resplice.core.document.paths import json_path
from resplice.core.prices import cost_of
from resplice.core.sources import ElementTask
from resplice.core.tasks import kind_of
from resplice.steps.dry_run import DryRun
from resplice.steps.pipeline.plan import rendered_frames

_NUMBER_OR_NULL = {"type": ["number", "null"]}
PLAN: dict[str, Any] = {
    "title": "Plan",
    "type": "object",
    "description": "What would be done for the movie; nothing was",
    "properties": {
        "complete": {
            "type": "boolean",
            "description": "Whether all is known: lengths are, once all elements are made",
        },
        "movie": {"type": "object", "description": "Its result: hit, miss or bypass; and its key"},
        "scenes": {"type": "array", "description": "What each would be served from, if known"},
        "transitions": {"type": "array"},
        "elements": {"type": "array", "description": "Those in the cache"},
        "to_make": {"type": "array", "description": "Elements that would be made first"},
        "duration": {**_NUMBER_OR_NULL, "description": "Seconds, if known"},
        "frames": {**_NUMBER_OR_NULL, "description": "That would be rendered, if known"},
        "cost_usd": {"type": "number", "description": "To be paid to providers, list prices"},
        "unpriced": {"type": "integer", "description": "Pieces of work without a known price"},
        "seconds": {**_NUMBER_OR_NULL, "description": "How long it should take, if known"},
        "seconds_from": {"type": "string", "description": "What that is reckoned from"},
        "warnings": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["complete", "movie", "to_make", "duration", "frames", "cost_usd", "seconds"],
}
UNKNOWN = "elements are not made yet, which takes as long as others need"


def plan_json(found: DryRun) -> dict[str, Any]:
    report = found.report.as_json()
    names = ("movie", "scenes", "transitions", "elements")
    frames = 0 if found.report.result == "hit" else None
    if found.planned:
        frames = rendered_frames(found.planned.work)
    return {
        "complete": not found.unmade,
        **{name: report[name] for name in names},
        "to_make": [_to_make(wanted) for wanted in found.unmade],
        "duration": found.duration_s,
        "frames": frames,
        "cost_usd": found.due.micro_usd / 1e6,
        "unpriced": found.due.unknown,
        "seconds": found.took.seconds if found.took else None,
        "seconds_from": found.took.basis if found.took else UNKNOWN,
        "warnings": found.report.all_warnings,
    }


def _to_make(wanted: ElementTask) -> dict[str, Any]:
    """With what it costs by the list, None when nobody knows; nothing where nobody is paid."""
    kind = kind_of(wanted.task)
    told: dict[str, Any] = {"path": json_path(wanted.path), "type": wanted.type, "work": kind.name}
    if bill := kind.bill(wanted.task):
        cost = cost_of(bill)
        usd = None if cost.micro_usd is None else cost.micro_usd / 1e6
        told["cost"] = {"provider": cost.provider, "unit": cost.unit, "units": cost.units}
        told["cost"]["usd"] = usd
    return told
