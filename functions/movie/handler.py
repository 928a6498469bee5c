"""Movie: mixes the sound and stitches the pieces of a movie together."""

from typing import Any

from resplice.steps.execution import stages
from resplice.wiring import aws

ports = aws.ports("objects", "renderer")


@aws.observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    stages.join_run(event["project"], ports)
    return {"project": event["project"]}
