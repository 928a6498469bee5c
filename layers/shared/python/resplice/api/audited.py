"""What the audit log is told of a call: who, from where, what, and how it ended. No documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from resplice.api.operation import Call, Operation
from resplice.api.service import Service
from resplice.core.document.limits import MAX_PAYLOAD_BYTES
from resplice.steps import auditing
from resplice.steps.auditing import NAMES, Origin

QUESTIONS = ("true", "1", "forecast")
"""Values of `dry-run`: nothing is made of such a call, and the studio asks at each key."""


def audit(
    operation: Operation,
    event: APIGatewayProxyEventV2,
    call: Call,
    ended: tuple[int, Mapping[str, Any]],
    service: Service,
) -> None:
    """Tell of a call that was let in, if it may have changed something. ended: its status and,
    where it went well, its answer.
    """
    status, answer = ended
    asks = call.query.get("dry-run", "").strip().lower() in QUESTIONS
    if not operation.acts or asks:
        return
    http = event.raw_event["requestContext"]["http"]
    origin = Origin(http.get("sourceIp", "-"), call.headers.get("x-forwarded-for") or "")
    said = {**_named(call.query), **call.parts, **_sent(operation, call), **call.about}
    act = f"{operation.method} {operation.path}"
    auditing.called(act, status, call.caller, origin, {**said, **_named(answer)}, service.ports)


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in NAMES if name in values}


def _sent(operation: Operation, call: Call) -> dict[str, Any]:
    """What the row says of the body, if it can be read: else the call was refused."""
    if not operation.tells or len(call.body) > MAX_PAYLOAD_BYTES:
        return {}
    try:
        sent = json.loads(call.body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(sent, dict):
        return {}
    return {name: sent[name] for name in operation.tells if name in sent}
