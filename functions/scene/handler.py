"""Scene: renders one task of a movie's plan: a segment, or a scene's sound."""

from typing import Any

from resplice.steps.execution import stages
from resplice.wiring import aws

ports = aws.ports("objects", "renderer")


@aws.observed
def handler(event: dict[str, Any], context: Any) -> None:
    stages.make_task(event["project"], event["index"], ports)
