"""Work that is done by one at a time, over all that keep leases, whatever becomes of its doer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from resplice.adapters.dynamodb.leases import DynamoLeases
from resplice.adapters.sqlite.leases import SqliteLeases
from resplice.errors import ProviderLost, StorageError
from resplice.ports import Ports
from resplice.ports.leases import Leases
from resplice.steps import leasing
from resplice.steps.leasing import alone, free, renewed
from row_places import Place

KEY = "make/elements/speak/a"
WORKERS = 6


class Clock:
    """Put forward by hand."""

    def __init__(self) -> None:
        self.ms = 1_000

    def now_ms(self) -> int:
        return self.ms


@dataclass
class Work:
    """What is made once, by whom. made: how often."""

    leases: Leases
    clock: Clock = field(default_factory=Clock)
    made: int = 0
    found: str | None = None

    @property
    def ports(self) -> Ports:
        """Leasing needs no more of them."""
        return cast(Ports, self)

    def find(self) -> str | None:
        return self.found

    def make(self) -> str:
        self.made += 1
        self.found = f"work {self.made}"
        return self.found

    def alone(self, make: Callable[[], str] | None = None) -> str:
        return alone(KEY, self.find, make or self.make, self.ports)


@pytest.fixture
def work(place: Place, monkeypatch: pytest.MonkeyPatch) -> Work:
    monkeypatch.setattr(leasing, "POLL_SECONDS", 0.01)
    return Work(place.open(SqliteLeases, DynamoLeases))


def test_all_that_come_at_once_get_what_one_made(work: Work) -> None:
    gate = threading.Barrier(WORKERS)

    def come(_: int) -> str:
        gate.wait()
        return work.alone()

    with ThreadPoolExecutor(WORKERS) as pool:
        assert set(pool.map(come, range(WORKERS))) == {"work 1"}
    assert work.made == 1
    assert work.leases.held(KEY) is None


def test_what_is_there_is_found_without_making(work: Work) -> None:
    work.found = "before"
    assert (work.alone(), work.made) == ("before", 0)
    assert work.leases.held(KEY) is None


def test_who_fails_lets_the_next_one_in_at_once(work: Work) -> None:
    def failing() -> str:
        raise ProviderLost("A", "no")

    with pytest.raises(ProviderLost):
        work.alone(failing)
    assert work.leases.held(KEY) is None
    assert work.alone() == "work 1"


def test_who_has_no_time_left_neither_waits_nor_makes(work: Work) -> None:
    """Not even when another has let go: nobody is there any more to take what is made."""
    looks = iter([None, None])

    def check() -> None:
        if next(looks, StorageError) is StorageError:
            raise ProviderLost("A", "no time")

    assert work.leases.claim(KEY, "another", work.clock.now_ms(), 60_000)
    with pytest.raises(ProviderLost, match="no time"):
        alone(KEY, work.find, work.make, work.ports, check)
    assert work.made == 0


def test_who_cannot_look_gives_up_the_lease(work: Work) -> None:
    def broken() -> str | None:
        raise StorageError("no")

    with pytest.raises(StorageError):
        alone(KEY, broken, work.make, work.ports)
    assert (work.leases.held(KEY), work.made) == (None, 0)


def test_of_who_died_the_others_wait_until_its_lease_ends(work: Work) -> None:
    assert work.leases.claim(KEY, "dead", work.clock.ms, leasing.ALONE_MS)
    waited = threading.Event()

    def looking() -> str | None:
        if work.clock.ms < 1_000 + leasing.ALONE_MS:
            waited.set()
        return work.found

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(alone, KEY, looking, work.make, work.ports)
        assert waited.wait(10)
        assert not coming.done() and work.made == 0
        work.clock.ms += leasing.ALONE_MS
        assert coming.result(10) == "work 1"


def test_a_lease_is_renewed_while_the_work_takes_long(work: Work) -> None:
    lease_ms, ended = 40, threading.Event()
    lease = work.leases.claim(KEY, "slow", work.clock.ms, lease_ms)
    assert lease
    with renewed(KEY, "slow", lease_ms, work.ports):
        for _ in range(5):
            work.clock.ms += lease_ms // 2
            until_ms = work.clock.ms + lease_ms
            for _ in range(1000):
                held = work.leases.held(KEY)
                if held and held.until_ms >= until_ms:
                    break
                ended.wait(0.01)
            assert work.leases.claim(KEY, "other", work.clock.ms, lease_ms) is None
    work.clock.ms += lease_ms
    assert work.leases.claim(KEY, "other", work.clock.ms, lease_ms)


def test_whose_lease_was_taken_does_not_give_up_that_of_another(work: Work) -> None:
    def stalled() -> Any:
        work.clock.ms += leasing.ALONE_MS
        assert work.leases.claim(KEY, "other", work.clock.ms, leasing.ALONE_MS)
        return "late"

    assert work.alone(stalled) == "late"
    held = work.leases.held(KEY)
    assert held and held.holder == "other"


def test_who_does_not_want_to_wait_is_told_whether_it_is_done_by_another(work: Work) -> None:
    with free(KEY, work.ports) as first, free(KEY, work.ports) as second:
        assert (first, second) == (True, False)
        assert work.leases.held(KEY)
    with pytest.raises(ProviderLost), free(KEY, work.ports) as third:
        assert third
        raise ProviderLost("A", "no")
    assert work.leases.held(KEY) is None
    assert work.leases.claim(KEY, "dead", work.clock.ms, leasing.ALONE_MS)
    with free(KEY, work.ports) as fourth:
        assert not fourth
    work.clock.ms += leasing.ALONE_MS
    with free(KEY, work.ports) as fifth:
        assert fifth
