"""python -m infra.redrive --stage prod: handle the events that could not be handled, once more.

They wait in the queue that the alarm EventsLost is about, for 14 days. AWS's own redrive moves
messages only between queues: https://docs.aws.amazon.com/goto/WebAPI/sqs-2012-11-05/StartMessageMoveTask
What ended an execution is told to `finish` again, which ends no project twice. A sweep that failed
is not made up for: there was one each minute since. An event that fails again stays in the queue.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.owned import Client, resources, shell_client, stack_of
from infra.rows import LIVE

HIDDEN_SECONDS = 900
"""For how long a message is not received again, so that one that fails again ends no run."""


@dataclass
class Redriven:
    """How many events were handled now, needed no handling, and failed again."""

    handled: int = 0
    dropped: int = 0
    failed: int = 0


def redrive(client: Client, stack: str) -> Redriven:
    """Until the queue is empty. Raises what boto3 raises, LookupError for a stack of others."""
    owned = list(resources(client("cloudformation"), stack))
    functions = (name for name, kind in owned if kind == "AWS::Lambda::Function")
    finish = _only(name for name in functions if name.endswith("-finish"))
    queue = _only(name for name, kind in owned if kind == "AWS::SQS::Queue")
    sqs, done = client("sqs"), Redriven()
    for message in _messages(sqs, queue):
        event = _event(json.loads(message["Body"]))
        if "name" not in event.get("detail", {}):
            done.dropped += 1
        elif _told(client("lambda"), finish, event):
            done.handled += 1
        else:
            done.failed += 1
            continue
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return done


def _only(names: Iterator[str]) -> str:
    found = sorted(names)
    if len(found) != 1:
        raise LookupError(f"{len(found)} of what there is one of in a stack of ours")
    return found[0]


def _messages(sqs: Any, queue: str) -> Iterator[dict[str, Any]]:
    asked = {"QueueUrl": queue, "MaxNumberOfMessages": 10, "VisibilityTimeout": HIDDEN_SECONDS}
    while messages := sqs.receive_message(**asked, WaitTimeSeconds=1).get("Messages"):
        yield from messages


def _event(body: dict[str, Any]) -> dict[str, Any]:
    """EventBridge puts the event there, Lambda a record of its invocation:
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    event: dict[str, Any] = body.get("requestPayload", body)
    return event


def _told(lambda_: Any, finish: str, event: dict[str, Any]) -> bool:
    answer = lambda_.invoke(FunctionName=finish, Qualifier=LIVE, Payload=json.dumps(event))
    return "FunctionError" not in answer


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.redrive", description=__doc__)
    parser.add_argument("--stage", default="dev")
    try:
        done = redrive(shell_client(), stack_of(parser.parse_args(argv).stage))
    except (BotoCoreError, ClientError, LookupError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Handled: {done.handled}, sweeps dropped: {done.dropped}, failed again: {done.failed}")
    return int(done.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
