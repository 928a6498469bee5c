"""Finish: ends projects, and proofs. The workflow calls it, events of executions that ended, and
schedules.
"""

from typing import Any

from resplice.steps.deliver import rounds
from resplice.steps.execution import proving
from resplice.steps.execution.complete import (
    Completed,
    complete_or_fail,
    fail_with,
    is_fault,
    stopped,
)
from resplice.wiring import aws

ports = aws.ports_of("finish")
coalescer = aws.coalescer(ports)


@aws.observed
def handler(event: dict[str, Any], context: Any) -> None:
    if event.get("sweep"):
        try:
            coalescer.sweep()
        finally:
            rounds.sweep(ports, ports.telling.tell)
    elif "prove" in event:
        proving.begin(event["prove"] / 100, ports, coalescer.executions, event.get("hour"))
    elif run := proving.about(event):
        if is_fault(event.get("error", {})):
            aws.telemetry().fault()
        aws.telemetry().proven(proving.ended(run, event, ports))
    elif "detail" in event:
        count(stopped(event["detail"]["name"], event["detail"]["status"], coalescer))
    elif "error" in event:
        if is_fault(event["error"]):
            aws.telemetry().fault()
        count(fail_with(event["project"], event["error"], coalescer))
    else:
        count(complete_or_fail(event["project"], coalescer))


def count(completed: Completed | None) -> None:
    if completed:
        aws.telemetry().ended(completed.status, completed.report, completed.wall_ms)
