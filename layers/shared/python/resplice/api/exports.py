"""Exports: what became of where a movie was sent, and sending it once more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from resplice.api.operation import Answer, Call, Operation, Parameter, described, text
from resplice.api.service import Service
from resplice.api.timestamps import timestamp
from resplice.core.exports.delivery import Delivery
from resplice.core.exports.kinds import KINDS
from resplice.errors import Conflict, NotFound
from resplice.steps import projects
from resplice.steps.deliver.replay import replay

DELIVERY = {
    "title": "Delivery",
    "type": "object",
    "properties": {
        "id": text("The same at every try: the header X-Resplice-Delivery of webhooks"),
        "type": text("What it is", examples=[*KINDS]),
        "where": text("Without secrets"),
        "status": {"enum": ["pending", "delivered", "failed", "skipped"]},
        "attempts": {"type": "integer"},
        "last_error": {"type": ["string", "null"]},
        "delivered_at": {"type": ["string", "null"]},
        "next_attempt_at": {"type": ["string", "null"]},
    },
    "required": ["id", "type", "where", "status", "attempts", "last_error", "delivered_at"],
}
DELIVERIES = {"type": "array", "items": DELIVERY}
"""JSON Schema of them in answers."""


def deliveries_json(deliveries: Iterable[Delivery]) -> list[dict[str, Any]]:
    return [_delivery_json(each) for each in deliveries]


def retry_exports(call: Call, service: Service) -> Answer:
    project = projects.status(call.parts["project"], call.caller.owner, service.ports)
    told = replay(project, service.ports, everything=call.flag("all"))
    return {"project": project.id, "exports": deliveries_json(told)}


def _delivery_json(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "type": delivery.kind,
        "where": delivery.where,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "last_error": delivery.last_error,
        "delivered_at": _time(delivery.delivered_at_ms),
        "next_attempt_at": _time(delivery.again_ms),
    }


def _time(at_ms: int | None) -> str | None:
    return None if at_ms is None else timestamp(at_ms)


OPERATIONS = (
    Operation(
        *("POST", "/v2/movies/{project}/exports/retry", retry_exports),
        role="render",
        summary="Send a movie's exports once more",
        description="What failed, or waits to be tried again, is sent now, under the same ids.",
        parameters=(
            Parameter("all", "What has arrived is sent once more too", {"type": "boolean"}),
        ),
        answer=described("Deliveries", project=text(), exports=DELIVERIES),
        errors=(NotFound, Conflict),
    ),
)
