"""Versions that nobody calls any more are deleted, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from small_stack import NAME, write_stack

from infra.local.stack import Stack, running
from infra.prune import QUIET, NotNow, prune

LATER = QUIET + timedelta(minutes=1)


@pytest.fixture
def stack(tmp_path: Any) -> Iterator[Stack]:
    with running(write_stack(tmp_path)) as made:
        yield made


def publish(stack: Stack, function: str, word: str) -> str:
    """As a deployment does, of a function that is another one: the number."""
    lambda_, name = stack.client("lambda"), f"small-{function}"
    lambda_.update_function_configuration(FunctionName=name, Description=word)
    return str(lambda_.publish_version(FunctionName=name)["Version"])


def versions(stack: Stack, function: str) -> list[str]:
    pages = stack.client("lambda").get_paginator("list_versions_by_function")
    listed = [
        each
        for page in pages.paginate(FunctionName=f"small-{function}")
        for each in page["Versions"]
    ]
    return [each["Version"] for each in listed if each["Version"] != "$LATEST"]


def test_what_the_stack_does_not_own_is_deleted_and_what_it_owns_stays(stack: Stack) -> None:
    """Older or newer: of a deployment before, or of one that failed."""
    for word in ("two", "three"):
        publish(stack, "work", word)
    gone = prune(stack.client, NAME, datetime.now(UTC) + LATER)
    assert [arn.rpartition("function:")[2] for arn in gone] == ["small-work:2", "small-work:3"]
    assert versions(stack, "work") == versions(stack, "api") == ["1"]
    assert prune(stack.client, NAME, datetime.now(UTC) + LATER) == []


def test_what_an_alias_leads_to_stays(stack: Stack) -> None:
    """Whoever has put it there."""
    publish(stack, "api", "two")
    lambda_ = stack.client("lambda")
    lambda_.update_alias(FunctionName="small-api", Name="live", FunctionVersion="2")
    assert prune(stack.client, NAME, datetime.now(UTC) + LATER) == []
    assert versions(stack, "api") == ["1", "2"]


def test_nothing_goes_while_an_execution_may_call_it(stack: Stack) -> None:
    """One that began with the version before: until its time is over, whichever was changed."""
    publish(stack, "work", "two")
    with pytest.raises(NotNow, match="executions may call them"):
        prune(stack.client, NAME, datetime.now(UTC) + QUIET - timedelta(minutes=1))
    assert versions(stack, "work") == ["1", "2"]


def test_nothing_goes_while_cloudformation_may_go_back(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rollback that failed is continued: to versions that the stack owns no more."""
    publish(stack, "work", "two")
    cloudformation = stack.client("cloudformation")
    told = cloudformation.describe_stacks(StackName=NAME)
    told["Stacks"][0]["StackStatus"] = "UPDATE_ROLLBACK_FAILED"
    monkeypatch.setattr(cloudformation, "describe_stacks", lambda **_: told)
    clients = {"cloudformation": cloudformation, "lambda": stack.client("lambda")}
    with pytest.raises(NotNow, match="Small is UPDATE_ROLLBACK_FAILED"):
        prune(clients.__getitem__, NAME, datetime.now(UTC) + LATER)
    assert versions(stack, "work") == ["1", "2"]


def test_a_stack_that_is_not_there_yet_has_none(stack: Stack) -> None:
    with pytest.raises(NotNow, match="Resplice-new is not there yet"):
        prune(stack.client, "Resplice-new", datetime.now(UTC) + LATER)
