"""Prepare: names the elements that a movie still needs, or says that none is missing."""

from typing import Any

from resplice.steps.execution import complete as landing
from resplice.steps.execution import dispatch as waves
from resplice.wiring import aws

ports = aws.ports("objects", "projects", "cache_index", "leases")


@aws.observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    project, heals, wave = event["project"], event["heals"], event["wave"] or None
    return landing.with_verdict(project, lambda: waves.hand_out(project, heals, wave, ports), ports)
