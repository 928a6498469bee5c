"""A stage that is deployed, as an operator's programs find it: with the shell's credentials."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import boto3

Client = Callable[[str], Any]
"""A client of boto3, by the name of the service."""


def shell_client() -> Client:
    """AWS_REGION comes first, as in the AWS command line; boto3 by itself does not know it."""
    made: Client = boto3.Session(region_name=os.environ.get("AWS_REGION") or None).client
    return made


def stack_of(stage: str) -> str:
    return f"Resplice-{stage}"


def resources(cloudformation: Any, stack: str) -> Iterator[tuple[str, str]]:
    """Physical ids and types of what the stack owns: of a version its ARN, of a queue its URL."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    for page in pages:
        for each in page["StackResourceSummaries"]:
            yield each.get("PhysicalResourceId", ""), each["ResourceType"]
