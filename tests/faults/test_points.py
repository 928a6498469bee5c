"""Where faults come is found by the ports' protocols, and by counting: nobody lists it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Protocol

import pytest
from faults.kinds import KINDS, TWICE, Fault, Point
from faults.planning import faults_of
from faults.ports_of import INSIDE, Kind, port_kinds
from faults.process import Around, Calls, Clock, Died, Journal, Process
from faults.states import Failed, Walker
from resplice.errors import ProviderBusy, ProviderLost, SourceError, StorageError
from resplice.ports import Ports


class New(Protocol):
    """A port that somebody adds. Raises StorageError."""

    def write(self, key: str) -> int:
        """Writes it."""
        ...


class Written:
    def __init__(self) -> None:
        self.keys: list[str] = []

    def write(self, key: str) -> int:
        self.keys.append(key)
        return len(self.keys)


def process(file: Path, fault: Fault | None, **more: object) -> Process:
    def die() -> None:
        raise Died

    around = Around(die, lambda key, how: False, lambda: None, lambda: None)
    return Process(Journal(file), Clock(lambda: 0), around, Calls(fault, **more))  # type: ignore[arg-type]


def test_every_port_that_touches_something_is_there() -> None:
    protocols = {f.name for f in fields(Ports) if f.name in port_kinds()}
    assert {"objects", "leases", "voices", "web", "renderer", "outbox"} <= protocols
    assert not protocols & INSIDE
    assert port_kinds()["voices"].by_name and not port_kinds()["objects"].by_name


def test_a_new_method_is_counted_by_itself(tmp_path: Path) -> None:
    counting = process(tmp_path / "journal", None, notes=True)
    port = counting.port(Written(), "new", Kind(New))
    assert (port.write("a/b"), port.write("a/c")) == (1, 2)
    points = [Point(*words) for words in counting.journal.of("call")]
    assert points == [Point("new.write", 1, "a/b"), Point("new.write", 2, "a/c")]
    assert len([*faults_of(points)]) == 2 * (len(KINDS) - 2), "no bytes of it can be damaged"
    assert [fault for fault in faults_of([Point("voices.speak", 1)]) if fault.kind == TWICE] == []


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("dies before", ["one"]),
        ("dies after", ["one", "two"]),
        ("fails", ["one"]),
        ("times out", ["one", "two"]),
        ("done twice", ["one", "two", "two"]),
        ("answers late", ["one", "two"]),
    ],
)
def test_each_kind_does_what_it_says(kind: str, written: list[str], tmp_path: Path) -> None:
    faulty = process(tmp_path / "journal", Fault(kind, "new.write", 2))
    store = Written()
    port = faulty.port(store, "new", Kind(New))
    port.write("one")
    try:
        assert port.write("two") == 2
        assert kind in ("done twice", "answers late")
    except Died:
        assert kind.startswith("dies")
        with pytest.raises(Died):
            port.write("three")
    except StorageError:
        assert kind in ("fails", "times out")
    assert store.keys == written
    assert (faulty.clock.now_ms() > 0) == (kind in ("times out", "answers late"))


def test_errors_are_those_that_the_method_says() -> None:
    kinds = port_kinds()
    assert isinstance(kinds["voices"].error("speak", done=False), ProviderBusy)
    assert isinstance(kinds["voices"].error("speak", done=True), ProviderLost)
    assert isinstance(kinds["generators"].error("collect", done=True), ProviderBusy)
    assert isinstance(kinds["web"].error("fetch", done=False), SourceError)
    assert isinstance(kinds["leases"].error("claim", done=False), StorageError)


def test_a_fault_is_read_as_it_is_told() -> None:
    fault = Fault("clock -1 h", "objects.put", 12)
    assert Fault.parsed(str(fault)) == fault
    with pytest.raises(ValueError, match="no fault"):
        Fault.parsed("laughs @ objects.put #1")


def test_a_state_machine_is_walked_as_it_says() -> None:
    retry = {"ErrorEquals": ["ValueError"], "MaxAttempts": 2, "IntervalSeconds": 1}
    task = {
        **{"Type": "Task", "Resource": "a", "Parameters": {"n.$": "$.n"}, "ResultPath": "$.out"},
        "Retry": [{**retry, "BackoffRate": 2}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "B"}],
    }
    graph = {
        "StartAt": "A",
        "States": {"A": {**task, "End": True}, "B": {"Type": "Pass", "End": True}},
    }
    waited: list[float] = []
    fails = [ValueError("x")] * 3

    def call(resource: str, payload: object) -> object:
        if fails:
            raise fails.pop()
        return {"seen": payload}

    walker = Walker(call, lambda bucket, key: [], lambda seconds, error: waited.append(seconds))
    caught = walker.run(graph, {"n": 1})
    assert waited == [1, 2]
    assert caught["error"]["Error"] == "ValueError"
    assert walker.run(graph, {"n": 1}) == {"n": 1, "out": {"seen": {"n": 1}}}
    fails.append(ValueError("y"))
    bare = {
        "StartAt": "A",
        "States": {"A": {"Type": "Task", "Resource": "a", "Parameters": {}, "End": True}},
    }
    with pytest.raises(Failed, match="ValueError"):
        walker.run(bare, {})
    with pytest.raises(AssertionError, match="Wait"):
        walker.run({"StartAt": "A", "States": {"A": {"Type": "Wait", "End": True}}}, {})
