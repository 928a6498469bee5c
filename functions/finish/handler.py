"""Finish: ends a project, whoever says so: the workflow, the event of its end, or the clock."""

from typing import Any

from resplice.steps.execution import complete as landing
from resplice.wiring import aws

ports = aws.ports("objects", "projects", "cache_index", "leases")
flights = aws.flights(ports)


@aws.observed
def handler(event: dict[str, Any], context: Any) -> None:
    if event.get("sweep"):
        flights.sweep()
    elif "detail" in event:
        counted(landing.stopped(event["detail"]["name"], event["detail"]["status"], flights))
    elif "error" in event:
        counted(landing.crash(event["project"], event["error"], flights))
    else:
        counted(landing.land(event["project"], flights))


def counted(ended: landing.Ended | None) -> None:
    if ended:
        aws.telemetry().ended(ended.status, ended.report, ended.wall_ms)
