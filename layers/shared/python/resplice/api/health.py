"""Health: whether the service answers at all. It asks for no key and reads nothing."""

from __future__ import annotations

from resplice.api.operation import Answer, Call, Operation, described
from resplice.api.service import Service


def healthz(call: Call, service: Service) -> Answer:
    return {}


OPERATIONS = (
    Operation(
        "GET",
        "/healthz",
        healthz,
        role=None,
        summary="Whether the service answers",
        answer=described("Health"),
    ),
)
