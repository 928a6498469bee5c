"""Calls of other functions, as Lambda answers them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from resplice.adapters.lambda_.calling import LambdaFunctions
from resplice.ports.functions import Busy, CallFailed
from resplice.wiring.aws_lane import PATIENT
from web_server import Handler, Server, serving

ARN = "arn:aws:lambda:us-east-1:123456789012:function:resplice-dev-scene:7"
PATH = f"/2015-03-31/functions/{ARN.replace(':', '%3A')}/invocations"
GIVEN = {"project": "p1", "index": 3}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


@pytest.fixture
def functions(server: Server) -> LambdaFunctions:
    server.told.clear()
    keys: dict[str, Any] = dict.fromkeys(("aws_access_key_id", "aws_secret_access_key"), "local")
    place = {"endpoint_url": server.url(""), "region_name": "us-east-1"}
    return LambdaFunctions(boto3.client("lambda", config=PATIENT, **place, **keys), {"scene": ARN})


def refused(code: str) -> Callable[[Handler], object]:
    return lambda to: to.give(429, b'{"message": "no"}', x_amzn_ErrorType=code)


def test_a_call_gives_what_it_is_given_to_the_version_and_waits(
    server: Server, functions: LambdaFunctions
) -> None:
    server.answers[PATH] = lambda to: to.give(200, b"null")
    functions.call("scene", GIVEN)
    ((path, headers, body),) = server.told
    assert (path, json.loads(body)) == (PATH, GIVEN)
    assert headers.get("X-Amz-Invocation-Type", "RequestResponse") == "RequestResponse"


def test_one_that_is_not_begun_for_want_of_room_is_told_from_one_that_failed(
    server: Server, functions: LambdaFunctions
) -> None:
    server.answers[PATH] = refused("TooManyRequestsException")
    with pytest.raises(Busy):
        functions.call("scene", GIVEN)
    for answer in (
        refused("ResourceConflictException"),
        lambda to: to.give(200, b'{"errorType": "RenderError"}', X_Amz_Function_Error="Unhandled"),
        lambda to: to.give(500, b"{}"),
    ):
        server.answers[PATH] = answer
        with pytest.raises(CallFailed) as failed:
            functions.call("scene", GIVEN)
        assert not isinstance(failed.value, Busy)


def test_no_call_is_made_twice_by_itself(server: Server, functions: LambdaFunctions) -> None:
    server.answers[PATH] = lambda to: to.give(503, b"{}")
    with pytest.raises(CallFailed):
        functions.call("scene", GIVEN)
    assert len(server.told) == 1
