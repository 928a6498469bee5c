"""Wiring of the lane on AWS: what it holds, and the functions that it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
from botocore.config import Config

from resplice.adapters.lambda_.calling import LambdaFunctions
from resplice.adapters.s3.checkpoints import ObjectCheckpoints
from resplice.adapters.s3.held_checkpoints import HeldCheckpoints
from resplice.core import lane
from resplice.steps.deadline import Deadline
from resplice.steps.execution.lane import Lane
from resplice.wiring import aws
from resplice.wiring.aws_failures import shortened

CALLS = "calls"
"""In its event: the versions of the functions that it may call, by name. The workflow says them, so
that an execution ends with the code that it began with."""
PATIENT = Config(
    connect_timeout=3,
    read_timeout=900,
    max_pool_connections=lane.MAX_PIECES,
    tcp_keepalive=True,
    retries={"mode": "standard", "total_max_attempts": 1},
)
"""A call that is tried again by itself would be made twice. A connection on which nothing is said
may be closed on its way, unless it is kept alive:
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""


def handler() -> Callable[[Any, Any], dict[str, Any]]:
    stored_in = aws.ports_of(lane.FUNCTION)
    checkpoints, client = stored_in.checkpoints, boto3.client("lambda", config=PATIENT)
    assert isinstance(checkpoints, ObjectCheckpoints)

    def run(event: Any, context: Any) -> dict[str, Any]:
        deadline = Deadline.of_step(1000 * aws.TIME_LEFT.begin(context), stored_in)
        held, project = HeldCheckpoints(checkpoints), event["project"]
        calls = LambdaFunctions(client, event[CALLS])
        own = replace(stored_in, checkpoints=held)
        with shortened(project, stored_in):
            return Lane(project, own, held, calls, deadline).run()

    return run
