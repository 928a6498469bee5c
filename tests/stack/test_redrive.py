"""Events that could not be handled are handled once more, and those that fail again are kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_stack import NAME, write_stack

from infra.local.stack import Stack, running
from infra.redrive import Redriven, redrive

ENDED = {"detail-type": "Step Functions Execution Status Change", "detail": {"name": "project-1"}}
SWEEP = {"detail-type": "Scheduled Event", "detail": {}}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(write_stack(Path(tmp_path_factory.mktemp("cdk")))) as made:
        yield made


def queue(stack: Stack) -> str:
    [url] = stack.client("sqs").list_queues()["QueueUrls"]
    return str(url)


def lose(stack: Stack, *bodies: dict[str, Any]) -> None:
    for body in bodies:
        stack.client("sqs").send_message(QueueUrl=queue(stack), MessageBody=json.dumps(body))


def left(stack: Stack) -> list[int]:
    """How many messages can be received, and how many only later."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = stack.client("sqs").get_queue_attributes(QueueUrl=queue(stack), AttributeNames=names)
    return [int(told["Attributes"][name]) for name in names]


def told(stack: Stack) -> list[Any]:
    s3, place = stack.client("s3"), {"Bucket": stack.outputs["BucketName"]}
    listed = s3.list_objects_v2(**place, Prefix="told/").get("Contents", ())
    return [json.load(s3.get_object(**place, Key=each["Key"])["Body"]) for each in listed]


def test_ends_are_told_again_and_sweeps_are_not(stack: Stack) -> None:
    """As EventBridge puts them there, and as Lambda does."""
    lose(stack, ENDED, {"requestPayload": ENDED}, SWEEP, {"requestPayload": {"sweep": True}})
    assert redrive(stack.client, NAME) == Redriven(handled=2, dropped=2)
    assert told(stack) == [ENDED, ENDED]
    assert left(stack) == [0, 0]


def test_what_fails_again_stays(stack: Stack) -> None:
    lose(stack, {**ENDED, "fails": True})
    assert redrive(stack.client, NAME) == Redriven(failed=1)
    assert left(stack) == [0, 1]


def test_a_stack_of_others_is_left_alone(stack: Stack) -> None:
    others = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    cloudformation = stack.client("cloudformation")
    cloudformation.create_stack(StackName="Others", TemplateBody=json.dumps(others))
    with pytest.raises(LookupError, match="0 of what there is one of"):
        redrive(stack.client, "Others")
