"""Plan: cuts a movie whose elements are there into tasks, and names those that are not made."""

from typing import Any

from resplice.steps.execution import complete as landing
from resplice.steps.execution import stages
from resplice.wiring import aws

ports = aws.ports("objects")


@aws.observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    project, heals = event["project"], event["heals"]
    return landing.with_verdict(project, lambda: stages.plan_run(project, heals, ports), ports)
