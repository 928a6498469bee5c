"""Element: downloads a share of a movie's sources, looks what they are, stores them."""

from typing import Any

from resplice.steps import element
from resplice.wiring import aws

ports = aws.ports("objects", "cache_index", "web", "prober")


@aws.observed
def handler(event: dict[str, Any], context: Any) -> None:
    element.make_share(event["project"], event["wave"], event["index"], ports)
