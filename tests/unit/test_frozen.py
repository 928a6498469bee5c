"""Frozen classes are what `dataclass(frozen=True)` makes, whenever their methods are written."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import (
    FrozenInstanceError,
    InitVar,
    asdict,
    astuple,
    dataclass,
    field,
    fields,
    replace,
)
from functools import cached_property
from threading import Barrier, Thread
from typing import Any, ClassVar

import pytest
from resplice.frozen import frozen, frozen_ordered

MAKERS = [pytest.param(dataclass(frozen=True), id="dataclasses"), pytest.param(frozen, id="here")]
Maker = Callable[[type], Any]


@frozen
class Point:
    """Can be found by its name, as what is pickled must."""

    x: int
    y: int = 2


def of_all_kinds(maker: Maker) -> Any:
    class Base:
        first: int
        kind: ClassVar[str] = "base"

    class Whole(maker(Base)):  # type: ignore[misc]
        second: list[int] = field(default_factory=list)
        unseen: int = field(default=5, repr=False, compare=False, metadata={"late": True})
        more: InitVar[int] = 0
        named: str = field(default="n", kw_only=True)

        def __post_init__(self, more: int) -> None:
            object.__setattr__(self, "first", self.first + more)

        @cached_property
        def doubled(self) -> int:
            return int(self.first * 2)

    return maker(Whole)


@pytest.mark.parametrize("maker", MAKERS)
def test_fields_of_all_kinds(maker: Maker) -> None:
    made = of_all_kinds(maker)
    one = made(1, [2], 3, 10, named="z")
    assert (one.first, one.second, one.unseen, one.named, one.kind) == (11, [2], 3, "z", "base")
    assert made(1).second == [] and made(1).second is not made(1).second
    assert [each.name for each in fields(made)] == ["first", "second", "unseen", "named"]
    assert fields(made)[2].metadata == {"late": True}
    assert asdict(one) == {"first": 11, "second": [2], "unseen": 3, "named": "z"}
    assert astuple(made(1)) == (1, [], 5, "n")
    assert one.doubled == 22
    assert repr(made(1)).endswith("Whole(first=1, second=[], named='n')")
    assert made.__match_args__ == ("first", "second", "unseen", "more")
    with pytest.raises(TypeError, match="first"):
        made()
    with pytest.raises(TypeError, match="positional"):
        made(1, [], 3, 10, "z")


@pytest.mark.parametrize("maker", MAKERS)
def test_equal_and_hashed_by_what_is_compared(maker: Maker) -> None:
    @maker
    class Pair:
        a: int
        b: int = field(default=0, compare=False)

    @maker
    class Other:
        a: int

    assert Pair(1, 2) == Pair(1, 3) != Pair(2)
    assert len({Pair(1, 2), Pair(1, 3), Pair(2)}) == 2
    assert Pair(1) != Other(1)
    assert replace(Pair(1, 2), a=5).b == 2


@pytest.mark.parametrize("maker", MAKERS)
def test_nothing_can_be_set_or_deleted(maker: Maker) -> None:
    @maker
    class Pair:
        a: int

    for refused in (
        lambda: setattr(Pair(1), "a", 2),
        lambda: setattr(Pair(1), "other", 2),
        lambda: delattr(Pair(1), "a"),
    ):
        with pytest.raises(FrozenInstanceError):
            refused()


@pytest.mark.parametrize("maker", MAKERS)
def test_own_methods_stay(maker: Maker) -> None:
    @maker
    class Own:
        a: int

        def __repr__(self) -> str:
            return "mine"

        def __eq__(self, other: object) -> bool:
            return True

    assert repr(Own(1)) == "mine"
    assert Own(1) == Own(2)
    assert hash(Own(1)) == hash(Own(1)) != hash(Own(2))


@pytest.mark.parametrize("maker", [dataclass(frozen=True, order=True), frozen_ordered])
def test_in_order(maker: Maker) -> None:
    @maker
    class Pair:
        a: int
        b: str

    assert sorted([Pair(2, "a"), Pair(1, "b"), Pair(1, "a")])[0] == Pair(1, "a")
    assert Pair(1, "a") < Pair(1, "b") and Pair(1, "b") >= Pair(1, "b")


@pytest.mark.parametrize(
    "first", [repr, hash, lambda each: each == Point(1)], ids=["repr", "hash", "equal"]
)
def test_any_method_may_be_the_first_that_is_called(first: Callable[[Any], Any]) -> None:
    @frozen
    class Fresh:
        a: int

    made = Fresh.__new__(Fresh)
    made.__dict__["a"] = 1
    first(made)
    assert Fresh(1) == made


def test_copied_and_pickled() -> None:
    assert copy.deepcopy(Point(1)) == pickle.loads(pickle.dumps(Point(1))) == Point(1, 2)


def test_threads_may_be_the_first_together() -> None:
    class Many:
        a: int

    made, start, found = frozen(Many), Barrier(8), list[bool]()

    def ask() -> None:
        start.wait()
        found.append(made(1) == made(1) and hash(made(1)) == hash(made(1)))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 8
