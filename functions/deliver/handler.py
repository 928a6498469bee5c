"""Deliver: tells the end of one project to whom its document names, and sends its movie there."""

from typing import Any

from resplice.steps.deliver.rounds import Deliverer
from resplice.wiring import aws

deliverer = Deliverer(aws.ports_of("deliver"), aws.setting("RESPLICE_BASE_URL"))


@aws.observed
def handler(event: dict[str, Any], context: Any) -> None:
    deliverer.deliver(event["project"])
