"""A pool takes turns between owners, and between the projects of each; it loses nothing."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager

import pytest
from resplice.adapters.threads.fair_pool import FairPool, Share

SECONDS = 10


class Held:
    """Calls that begin, and end when they may."""

    def __init__(self) -> None:
        self._begun, self._over = threading.Semaphore(0), threading.Event()
        self.names: list[str] = []

    def call(self, name: str = "") -> str:
        self.names.append(name)
        self._begun.release()
        assert self._over.wait(SECONDS)
        return name

    def begun(self, count: int) -> None:
        """Wait until so many more have begun."""
        for _ in range(count):
            assert self._begun.acquire(timeout=SECONDS), f"only these begin: {self.names}"

    def none_begins(self) -> bool:
        return not self._begun.acquire(timeout=0.05)

    def end(self) -> None:
        self._over.set()


@contextmanager
def held(pool: FairPool) -> Iterator[Held]:
    work = Held()
    try:
        yield work
    finally:
        work.end()
        pool.shutdown()


def results(futures: list[Future[str]]) -> list[str]:
    return [future.result(SECONDS) for future in futures]


def test_it_is_an_executor_like_any_other() -> None:
    pool = FairPool(3, "test")
    share = pool.share("ann")
    assert share.submit(divmod, 7, 2).result(SECONDS) == (3, 1)
    assert list(share.map(pow, range(100), [2] * 100)) == [number**2 for number in range(100)]
    with pytest.raises(ZeroDivisionError):
        share.submit(divmod, 1, 0).result(SECONDS)
    with pytest.raises(KeyboardInterrupt):
        share.submit(interrupt).result(SECONDS)
    assert share.submit(str, 1).result(SECONDS) == "1"
    pool.shutdown()
    with pytest.raises(RuntimeError):
        share.submit(str, 1)


def interrupt() -> None:
    raise KeyboardInterrupt


def order(pool: FairPool, shares: dict[str, Share], counts: dict[str, int]) -> list[str]:
    """By whom the calls that wait for one thread are made, in turn."""
    made: list[str] = []
    with held(pool) as first:
        pool.share("first of all").submit(first.call)
        first.begun(1)
        waiting = [
            shares[name].submit(made.append, name)
            for name, count in counts.items()
            for _ in range(count)
        ]
        first.end()
        for future in waiting:
            future.result(SECONDS)
    return made


def test_a_small_project_does_not_wait_for_all_of_a_large_one() -> None:
    pool = FairPool(1, "test")
    shares = {name: pool.share("ann") for name in ("large", "small")}
    made = order(pool, shares, {"large": 2000, "small": 1})
    assert made.index("small") == 1 and Counter(made) == {"large": 2000, "small": 1}


def test_owners_take_turns_however_many_projects_each_has() -> None:
    pool = FairPool(1, "test")
    shares = {f"ann {number}": pool.share("ann") for number in range(3)}
    shares["bob"] = pool.share("bob")
    made = order(pool, shares, {**{f"ann {number}": 4 for number in range(3)}, "bob": 4})
    assert made[:8] == ["ann 0", "bob", "ann 1", "bob", "ann 2", "bob", "ann 0", "bob"]
    assert Counter(made) == dict.fromkeys(shares, 4)


def test_work_that_computes_gets_every_thread() -> None:
    pool = FairPool(4, "test")
    with held(pool) as work:
        one, other = pool.share("ann"), pool.share("bob")
        ones = [one.submit(work.call, "one") for _ in range(20)]
        work.begun(4)
        others = [other.submit(work.call, "other") for _ in range(3)]
        assert work.none_begins()
        work.end()
        assert results(ones + others) == ["one"] * 20 + ["other"] * 3


def test_work_that_waits_leaves_room_for_whoever_comes_next() -> None:
    pool = FairPool(24, "test", keeps_room=True)
    with held(pool) as work:
        shares = [pool.share("ann") for _ in range(6)] + [pool.share("bob"), pool.share("eve")]
        first = [shares[0].submit(work.call, "ann 0") for _ in range(100)]
        work.begun(8)
        assert work.none_begins(), "it has as many as it leaves to others of its owner"
        more = [share.submit(work.call, "ann") for share in shares[1:6] for _ in range(100)]
        work.begun(4)
        assert work.none_begins(), "their owner has as many as she leaves"
        others = [shares[6].submit(work.call, "other") for _ in range(50)]
        work.begun(4)
        others += [shares[7].submit(work.call, "other") for _ in range(50)]
        work.begun(3)
        assert work.none_begins() and set(work.names[12:]) == {"other"}
        work.end()
        assert len(results(first + more + others)) == 700


def test_all_threads_work_again_when_others_have_ended() -> None:
    pool = FairPool(9, "test", keeps_room=True)
    with held(pool) as slow, held(pool) as work:
        for _ in range(20):
            pool.share("ann").submit(slow.call)
        slow.begun(5)
        share = pool.share("bob")
        waiting = [share.submit(work.call, "bob") for _ in range(30)]
        work.begun(2)
        slow.end()
        work.begun(1)
        work.end()
        assert results(waiting) == ["bob"] * 30


def test_the_end_of_a_share_is_the_end_of_its_work_alone() -> None:
    pool = FairPool(2, "test")
    with held(pool) as work, held(pool) as other:
        ending, staying = pool.share("ann"), pool.share("ann")
        running = ending.submit(work.call, "running")
        work.begun(1)
        kept = [staying.submit(other.call, "kept") for _ in range(3)]
        other.begun(1)
        waiting = [ending.submit(work.call, "never") for _ in range(50)]
        ended = threading.Thread(target=lambda: ending.shutdown(cancel_futures=True))
        ended.start()
        for future in waiting:
            with pytest.raises(CancelledError):
                future.result(SECONDS)
        assert ended.is_alive(), "what runs is waited for"
        work.end(), other.end()
        ended.join(SECONDS)
        assert not ended.is_alive() and running.result(0) == "running"
        assert results(kept) == ["kept"] * 3 and work.names == ["running"]
        with pytest.raises(RuntimeError):
            ending.submit(str)


def test_what_is_cancelled_is_not_run() -> None:
    pool = FairPool(1, "test")
    with held(pool) as work:
        share = pool.share("ann")
        running = share.submit(work.call, "running")
        work.begun(1)
        waiting = [share.submit(work.call, "cancelled") for _ in range(5)]
        assert all(future.cancel() for future in waiting)
        last = share.submit(work.call, "last")
        work.end()
        assert results([running, last]) == ["running", "last"] == work.names


def test_the_end_of_the_pool_cancels_what_waits_and_leaves_what_runs() -> None:
    pool = FairPool(1, "test")
    with held(pool) as work:
        running = pool.share("ann").submit(work.call, "running")
        work.begun(1)
        waiting = pool.share("bob").submit(work.call)
        pool.shutdown()
        assert waiting.cancelled() and not running.done()
        work.end()
        assert running.result(SECONDS) == "running"


def test_who_submits_as_a_share_ends_is_refused_and_its_end_waits_for_nothing() -> None:
    """The share is shut down between the making of the future and its being queued."""
    submits, ends = threading.Event(), threading.Event()

    class Slow(FairPool):
        def add(self, share: Share, work: object) -> None:
            submits.set()
            assert ends.wait(SECONDS)
            super().add(share, work)  # type: ignore[arg-type]

    pool = Slow(1, "test")
    share = pool.share("ann")
    refused: list[BaseException] = []

    def submit() -> None:
        try:
            share.submit(int)
        except RuntimeError as error:
            refused.append(error)

    taken_back = pool.take_back

    def take_back(share: Share) -> list[object]:
        taken = taken_back(share)
        ends.set()
        return [*taken]

    pool.take_back = take_back  # type: ignore[assignment, method-assign]
    submitting = threading.Thread(target=submit)
    submitting.start()
    assert submits.wait(SECONDS)
    ending = threading.Thread(
        target=lambda: share.shutdown(wait=True, cancel_futures=True), daemon=True
    )
    ending.start()
    ending.join(SECONDS)
    submitting.join(SECONDS)
    assert not ending.is_alive()
    assert len(refused) == 1
    pool.shutdown()
