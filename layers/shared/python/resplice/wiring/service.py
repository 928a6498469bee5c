"""The service: what the API's handler works with, in a Lambda function and on one machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from resplice.core.report import Report
from resplice.ports import Ports
from resplice.ports.executions import Workflow

OWNER = "self"
"""Of every project: whoever has a key sees what others with a key made."""


@dataclass(frozen=True)
class Service:
    """api_key: one that is good besides those that are stored. keyed: whether a key is asked for.

    posted: is told of every project, and the report of one that came from the cache at once.
    """

    ports: Ports
    workflow: Workflow
    owner: str
    api_key: str | None
    base_url: str
    keyed: bool = False
    posted: Callable[[str, Report | None], None] = field(default=lambda project, report: None)


Handler = Callable[[Any, Any], Any]

_services: list[Service] = []


def use(service: Service) -> None:
    """From now on `current` is this one."""
    _services[:] = [service]


def current() -> Service:
    """The service of this process; in a Lambda function it is made when first asked for."""
    if not _services:
        from resplice.wiring import aws

        use(aws.service())
    return _services[0]


def observed(handler: Handler) -> Handler:
    """The API's handler as it is, or in a Lambda function as Lambda is to call it; there, what is
    missing in the environment is an error now, not at the first request.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return handler
    from resplice.wiring import aws

    current()
    return aws.observed(handler)
