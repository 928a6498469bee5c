"""Health: whether the service answers at all, and whether it takes in anything new. It asks for no
key and reads nothing.
"""

from __future__ import annotations

from resplice.api.operation import Answer, Call, Operation, described
from resplice.api.service import Service
from resplice.errors import Unavailable
from resplice.steps.readiness import require_ready


def healthz(call: Call, service: Service) -> Answer:
    return {}


def readyz(call: Call, service: Service) -> Answer:
    require_ready(service.ports)
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
    Operation(
        "GET",
        "/readyz",
        readyz,
        role=None,
        summary="Whether the service takes in anything new, such as movies; else why it does not",
        answer=described("Readiness"),
        errors=(Unavailable,),
    ),
)
