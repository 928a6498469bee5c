"""Deliver: tells the end of one project to whom its document names, and sends its movie there."""

from typing import Any

from resplice.wiring import aws, aws_exports

deliverer = aws_exports.deliverer()


@aws.observed
def handler(event: dict[str, Any], context: Any) -> None:
    deliverer.deliver(event["project"])
