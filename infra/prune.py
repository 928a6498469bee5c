"""python -m infra.prune --stage prod: delete the versions of functions that nobody calls any more.

CloudFormation leaves them, for executions that run with the code that they began with, and Lambda
keeps them, with the layers that they name, until an account's 75 GB are full:
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html

A version is called by the stack that owns it, and by executions that began before the stack had
the next one. So those that the stack does not own, nor an alias names, are deleted when nothing of
the functions was changed for longer than a deployment and an execution together take. `make deploy`
does it before it deploys: afterwards something has just been changed. What a deployment that failed
has left behind would be in the way of the next, and goes here, too.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from resplice.core.workflow import DEADLINE_SECONDS

from infra.owned import Client, resources, shell_client, stack_of

DEPLOYMENT_SECONDS = 3600
"""From the first version that it publishes until its state machine is there, or is rolled back."""
QUIET = timedelta(seconds=DEADLINE_SECONDS + DEPLOYMENT_SECONDS)
AT_REST = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
"""In any other state CloudFormation may go back to a version that the stack does not own."""


@dataclass(frozen=True)
class Version:
    """number: also `$LATEST`, which is no version yet. changed: when its code or settings were."""

    function: str
    number: str
    arn: str
    changed: datetime


class NotNow(Exception):
    """Something may still be called. The message says why."""


def unused(client: Client, stack: str, now: datetime) -> list[Version]:
    """Those that nobody calls. Raises NotNow, and what boto3 raises."""
    status = _status(client("cloudformation"), stack)
    if status not in AT_REST:
        raise NotNow(f"{stack} is {status}")
    owned = dict(resources(client("cloudformation"), stack))
    functions = [name for name, kind in owned.items() if kind == "AWS::Lambda::Function"]
    versions = [each for name in functions for each in _versions(client("lambda"), name)]
    changed = max((each.changed for each in versions), default=now)
    if now - changed < QUIET:
        raise NotNow(f"functions were changed at {changed:%H:%M} UTC, and executions may call them")
    named = {(name, each) for name in functions for each in _aliased(client("lambda"), name)}
    return [
        each
        for each in versions
        if each.number != "$LATEST"
        and each.arn not in owned
        and (each.function, each.number) not in named
    ]


def prune(client: Client, stack: str, now: datetime) -> Sequence[str]:
    """Delete those that nobody calls; their ARNs. Raises as `unused` does."""
    gone = unused(client, stack, now)
    for each in gone:
        client("lambda").delete_function(FunctionName=each.function, Qualifier=each.number)
    return [each.arn for each in gone]


def _status(cloudformation: Any, stack: str) -> str:
    try:
        [found] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return "not there yet"
        raise
    return str(found["StackStatus"])


def _versions(lambda_: Any, function: str) -> Iterator[Version]:
    pages = lambda_.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    for page in pages:
        for each in page["Versions"]:
            changed = datetime.fromisoformat(each["LastModified"])
            yield Version(function, each["Version"], each["FunctionArn"], changed)


def _aliased(lambda_: Any, function: str) -> Iterator[str]:
    """The numbers that its aliases lead to, in whatever shares."""
    for page in lambda_.get_paginator("list_aliases").paginate(FunctionName=function):
        for alias in page["Aliases"]:
            yield alias["FunctionVersion"]
            yield from (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {})


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.prune", description=__doc__)
    parser.add_argument("--stage", default="dev")
    stack = stack_of(parser.parse_args(argv).stage)
    try:
        gone = prune(shell_client(), stack, datetime.now(UTC))
    except NotNow as reason:
        print(f"No version of a function is deleted: {reason}")
    except (BotoCoreError, ClientError) as error:
        print(f"Versions that nobody calls could not be deleted: {error}", file=sys.stderr)
        return 1
    else:
        print(f"Versions that nobody calls, deleted: {len(gone)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
