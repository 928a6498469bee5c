"""What all that let ends be told must do: in threads, and by a function as Lambda runs it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Protocol

import boto3
import pytest
from cloud import REGION
from lazy import lazy
from resplice.adapters.lambda_.telling import LambdaTelling
from resplice.adapters.threads.telling import ThreadTelling
from resplice.errors import StorageError
from resplice.ports.telling import Telling
from small_stack import write_stack

stacks = lazy("infra.local.stack")
FUNCTION = "small-finish"
"""It keeps each event that it is called with."""
WAIT_S = 20


class Place(Protocol):
    """Where ends are told."""

    @property
    def telling(self) -> Telling: ...

    def told(self) -> Sequence[str]:
        """The projects that were told, each as often as it was."""
        ...

    def breaks_once(self) -> None:
        """Who tells dies at the next one."""
        ...

    def cut_off(self) -> Collection[Telling]:
        """Where nobody can be told any more, or not yet."""
        ...


class Threads:
    def __init__(self) -> None:
        self.telling: ThreadTelling = ThreadTelling()
        self._told, self._breaks = list[str](), list[bool]()
        self.telling.begin(self._deliver, lambda _: "owner")

    def _deliver(self, project_id: str) -> None:
        if self._breaks:
            self._breaks.pop()
            raise ValueError("broken")
        self._told.append(project_id)

    def told(self) -> Sequence[str]:
        return self._told

    def breaks_once(self) -> None:
        self._breaks.append(True)

    def cut_off(self) -> Collection[Telling]:
        def unreadable(project_id: str) -> str:
            raise StorageError("the records cannot be read")

        early, late, blind = ThreadTelling(), ThreadTelling(), ThreadTelling()
        late.begin(self._deliver, str)
        assert late.stop(WAIT_S)
        blind.begin(self._deliver, unreadable)
        return early, late, blind


class Function:
    def __init__(self, stack: Any) -> None:
        self._stack = stack
        self.telling = LambdaTelling(stack.client("lambda"), FUNCTION)

    def told(self) -> Sequence[str]:
        s3, bucket = self._stack.client("s3"), self._stack.outputs["BucketName"]
        listed = s3.list_objects_v2(Bucket=bucket, Prefix="told/").get("Contents", ())
        events = (s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in listed)
        return [json.loads(event)["project"] for event in events]

    def breaks_once(self) -> None:
        self._stack.faults.kill("finish", "start")

    def cut_off(self) -> Collection[Telling]:
        nowhere = boto3.client(
            "lambda",
            endpoint_url="http://127.0.0.1:9",
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )
        client = self._stack.client("lambda")
        return LambdaTelling(client, "gone"), LambdaTelling(client, ""), LambdaTelling(nowhere, "x")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with stacks.running(write_stack(tmp_path_factory.mktemp("cdk"))) as made:
        yield made


@pytest.fixture(params=["threads", "lambda"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "lambda":
        yield Function(request.getfixturevalue("stack"))
        return
    threads = Threads()
    yield threads
    assert threads.telling.stop(WAIT_S)


def eventually(holds: Callable[[], bool]) -> None:
    until_s = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < until_s
        time.sleep(0.02)


def test_each_is_told_once(place: Place) -> None:
    for project_id in ("once-1", "once-2"):
        place.telling.tell(project_id)
    eventually(lambda: {"once-1", "once-2"} <= {*place.told()})
    assert [place.told().count(each) for each in ("once-1", "once-2")] == [1, 1]


def test_one_that_breaks_is_heard_by_nobody_and_others_are_told(place: Place) -> None:
    place.breaks_once()
    place.telling.tell("breaks")
    place.telling.tell("whole-1")
    place.telling.tell("whole-2")
    eventually(lambda: len({"breaks", "whole-1", "whole-2"} & {*place.told()}) >= 2)


def test_what_cannot_be_told_raises_nothing(place: Place) -> None:
    for telling in place.cut_off():
        telling.tell("lost")
    place.telling.tell("last")
    eventually(lambda: "last" in place.told())
    assert "lost" not in place.told()


def test_a_process_does_not_wait_until_it_is_told() -> None:
    """Of a receiver that hangs: not even to stop, for longer than it says."""
    began, go_on, telling = threading.Event(), threading.Event(), ThreadTelling()

    def hang(project_id: str) -> None:
        began.set()
        go_on.wait(WAIT_S)

    telling.begin(hang, str)
    telling.tell("p1")
    assert began.wait(WAIT_S) and not telling.stop(0.01)
    go_on.set()
    assert telling.stop(WAIT_S)


def test_lambda_tells_what_broke_once_more(stack: Any) -> None:
    """It does with events that nobody waits for, and with nothing else."""
    place = Function(stack)
    place.breaks_once()
    place.telling.tell("again")
    eventually(lambda: "again" in place.told())
    assert place.told().count("again") == 1
