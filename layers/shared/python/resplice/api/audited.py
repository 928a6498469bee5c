"""What the audit log is told of a call: who, from where, what, and how it ended. No documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from resplice.api.operation import Call, Operation
from resplice.api.service import Service
from resplice.errors import RespliceError
from resplice.steps import auditing
from resplice.steps.auditing import NAMES, Origin, may_name, sent

QUESTIONS = ("true", "1", "forecast")
"""Values of `dry-run`: nothing is made of such a call, and the studio asks at each key."""
MOST_READ_HERE_BYTES = 32 * 1024


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
    said = {**_named(call.query), **call.parts, **_sent(operation, call, service)}
    about = {**said, **_named(answer)}
    act = f"{operation.method} {operation.path}"
    auditing.called(act, status, call.caller, origin, about, service.ports)


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in NAMES if name in values}


def _sent(operation: Operation, call: Call, service: Service) -> Mapping[str, Any]:
    """What the row says of the body. A large one is read where that holds up nobody."""
    if not may_name(call.body, operation.tells):
        return {}
    if len(call.body) <= MOST_READ_HERE_BYTES:
        return sent(call.body, operation.tells)
    try:
        return service.away(sent, call.body, operation.tells)
    except RespliceError:  # The act was done, and is told, whatever becomes of who reads it here.
        return {}
