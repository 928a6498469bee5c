"""What all checkpoints must do. A new adapter is one more param of `checkpoints`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cloud
import pytest
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.memory.checkpoints import MemoryCheckpoints
from resplice.adapters.s3.checkpoints import ObjectCheckpoints, key_of
from resplice.adapters.s3.held_checkpoints import HeldCheckpoints
from resplice.adapters.s3.objects import S3Objects
from resplice.errors import NotFound
from resplice.ports.checkpoints import Checkpoints

HARD_NAMES = ("a", "A", "../a", "a/b", "x" * 900, "ключ", "")


@dataclass(frozen=True)
class Value:
    words: tuple[str, ...]
    inner: Value | None = None


WHOLE = Value(("größe", "\u2028 \U0001f600", '"\\'), Value(()))


@pytest.fixture(params=["memory", "disk", "held", "s3"])
def checkpoints(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Checkpoints]:
    if request.param == "memory":
        yield MemoryCheckpoints()
        return
    with closing(DiskObjects(tmp_path / "store", None)) as disk, ThreadPoolExecutor(4) as writers:
        if request.param == "disk":
            yield ObjectCheckpoints(disk, disk, writers)
        elif request.param == "held":
            yield HeldCheckpoints(ObjectCheckpoints(disk, disk, writers))
        else:
            scratch = ScratchFolder(tmp_path / "scratch")
            objects = S3Objects(cloud.client("s3"), cloud.new_bucket(), scratch)
            yield ObjectCheckpoints(objects, scratch, writers)


def test_what_was_saved_is_loaded(checkpoints: Checkpoints) -> None:
    checkpoints.save("run", "value", WHOLE, Value)
    assert checkpoints.has("run", "value")
    assert checkpoints.load("run", "value", Value) == WHOLE


def test_what_was_not_saved_is_not_found(checkpoints: Checkpoints) -> None:
    checkpoints.save("run", "value", 1, int)
    for run, name in (("run", "other"), ("another", "value")):
        assert not checkpoints.has(run, name)
        with pytest.raises(NotFound):
            checkpoints.load(run, name, int)


def test_saving_again_replaces(checkpoints: Checkpoints) -> None:
    for number in (1, 2):
        checkpoints.save("run", "value", number, int)
    assert checkpoints.load("run", "value", int) == 2


def test_many_values_are_saved_at_once(checkpoints: Checkpoints) -> None:
    checkpoints.save_all("run", {f"value-{n}": n for n in range(30)}, int)
    assert [checkpoints.load("run", f"value-{n}", int) for n in range(30)] == list(range(30))
    checkpoints.save_all("run", {}, int)


def test_each_run_has_a_place_of_its_own_whatever_it_is_called(checkpoints: Checkpoints) -> None:
    for number, run in enumerate(HARD_NAMES):
        checkpoints.save(run, "value", number, int)
    loaded = [checkpoints.load(run, "value", int) for run in HARD_NAMES]
    assert loaded == list(range(len(HARD_NAMES)))


def test_a_failure_is_told_to_its_run_alone(checkpoints: Checkpoints) -> None:
    assert checkpoints.failure("run") is None
    checkpoints.fail("run", "task-1", "größer")
    assert checkpoints.failure("run") == "größer"
    assert checkpoints.failure("another") is None
    checkpoints.fail("run", "task-2", "other")
    assert checkpoints.failure("run") in ("größer", "other")


def test_another_run_is_not_forgotten(checkpoints: Checkpoints) -> None:
    for run in ("run", "another"):
        checkpoints.save(run, "value", 1, int)
    checkpoints.forget("run")
    assert checkpoints.load("another", "value", int) == 1
    checkpoints.forget("never begun")


def test_what_is_held_is_stored_when_it_is_put_down_and_once(tmp_path: Path) -> None:
    with closing(DiskObjects(tmp_path / "store", None)) as disk, ThreadPoolExecutor(4) as writers:
        stored = ObjectCheckpoints(disk, disk, writers)
        held = HeldCheckpoints(stored)
        held.save_all("run", {"a": WHOLE, "b": Value(())}, Value)
        place = held.save("run", "n", [1], list[int])
        assert list(disk.list("runs/")) == []
        held.put_down("run", lambda name: name != "b")
        assert {each.key for each in disk.list("runs/")} == {place, key_of("run", "a")}
        assert (stored.load("run", "n", list[int]), stored.load("run", "a", Value)) == ([1], WHOLE)
        disk.delete(place)
        held.put_down("run", lambda name: True)
        assert not stored.has("run", "n") and stored.has("run", "b")
        held.forget("run")
        assert held.load("run", "b", Value) == Value(())


def test_why_a_task_failed_where_it_is_held_is_nothing_to_others(tmp_path: Path) -> None:
    """There may be more time, and more room."""
    with closing(DiskObjects(tmp_path / "store", None)) as disk, ThreadPoolExecutor(4) as writers:
        stored = ObjectCheckpoints(disk, disk, writers)
        held = HeldCheckpoints(stored)
        held.fail("run", "task-1", "too late")
        held.put_down("run", lambda name: True)
        assert (held.failure("run"), stored.failure("run")) == ("too late", None)
