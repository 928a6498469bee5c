"""Who may call: a request needs an API key that is good for it, if keys are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from resplice.api.operation import Operation
from resplice.api.service import Service
from resplice.steps import access
from resplice.steps.access import Caller


def caller_of(headers: Mapping[str, str], operation: Operation, service: Service) -> Caller:
    """Who calls, if they may. Raises AccessRefused, Forbidden."""
    if operation.role is None or not service.keyed:
        return service.own
    given = headers.get("x-api-key") or ""
    if access.is_own(given, service.api_key):
        return service.own
    return access.check(given, service.ports, operation.role)
