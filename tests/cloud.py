"""AWS as tests have it: moto behind a real socket, one server for each test process."""

from __future__ import annotations

import logging
import threading
import uuid
from functools import cache
from typing import Any

import boto3
from moto.core.responses import BaseResponse
from moto.dynamodb.responses import DynamoHandler
from moto.s3.responses import S3Response
from moto.server import ThreadedMotoServer

from infra.local.moto_speed import quicken

REGION = "us-east-1"


@cache
def endpoint() -> str:
    """The URL of this process's server, which lives as long as the process."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    quicken()
    _one_by_one(DynamoHandler)
    _take_turns()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return f"http://{host}:{port}"


@cache
def client(service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=endpoint(),
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def _one_by_one(handler: type[BaseResponse]) -> None:
    """Make each of its requests atomic, as on AWS: moto looks first and writes a moment later."""
    lock, call_action = threading.Lock(), handler.call_action

    def alone(self: BaseResponse) -> Any:
        with lock:
            return call_action(self)

    handler.call_action = alone  # type: ignore[method-assign]


def new_bucket() -> str:
    """An empty bucket of its own."""
    name = f"test-{uuid.uuid4().hex}"
    client("s3").create_bucket(Bucket=name)
    return name


def new_log_group() -> str:
    name = f"test-{uuid.uuid4().hex}"
    client("logs").create_log_group(logGroupName=name)
    return name


def new_table() -> str:
    """An empty table of records, with the keys and indexes that the stack gives it."""
    name, text = f"test-{uuid.uuid4().hex}", "S"
    names = ("pk", "sk", "owner", "created", "open")
    client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": text} for each in names],
        KeySchema=_keys("pk", "sk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": _keys(partition, "created"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
            for index, partition in (("by_owner", "owner"), ("open", "open"))
        ],
    )
    return name


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def _take_turns() -> None:
    """From now on this process's server answers one request about an object after the other.

    Left alone, moto puts an object in place before its metadata, and closes a replaced one under
    its readers.
    """
    turn, answer = threading.RLock(), S3Response._key_response

    def answer_in_turn(self: S3Response, request: Any, full_url: str) -> Any:
        with turn:
            return answer(self, request, full_url)

    S3Response._key_response = answer_in_turn  # type: ignore[method-assign]
