"""What all that keep leases must do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from resplice.adapters.dynamodb.leases import DynamoLeases
from resplice.adapters.sqlite.leases import SqliteLeases
from resplice.ports.leases import Leases
from row_places import Place

Make = Callable[[], Leases]


@pytest.fixture
def make(place: Place) -> Make:
    return lambda: place.open(SqliteLeases, DynamoLeases)


@pytest.fixture
def leases(make: Make) -> Leases:
    return make()


def test_names_are_any_text(leases: Leases) -> None:
    for name in ("a#b", "project", "é 𝄞", "%", "a"):
        lease = leases.claim(name, name, 0, 9)
        leases.wait(name, name)
        assert lease and leases.held(name) == lease and leases.waiting(name) == [name]


def test_a_lease_has_one_holder_until_it_ends(leases: Leases) -> None:
    lease = leases.claim("key", "a", now_ms=100, lease_ms=50)
    assert lease and (lease.key, lease.holder, lease.until_ms) == ("key", "a", 150)
    assert leases.claim("key", "b", now_ms=149, lease_ms=50) is None
    assert leases.claim("key", "a", now_ms=149, lease_ms=50) is None
    assert leases.claim("other", "b", now_ms=149, lease_ms=50)
    taken = leases.claim("key", "b", now_ms=150, lease_ms=50)
    assert taken and (taken.holder, taken.until_ms) == ("b", 200)
    assert taken.fence > lease.fence


def test_renewal(leases: Leases) -> None:
    lease = leases.claim("key", "a", 100, 50)
    assert lease
    renewed = leases.renew(lease, now_ms=140, lease_ms=50)
    assert renewed == replace(lease, until_ms=190)
    assert leases.claim("key", "b", 189, 50) is None
    assert leases.renew(lease, now_ms=100, lease_ms=50) == renewed, "never shorter"
    late = leases.renew(lease, now_ms=500, lease_ms=50)
    assert late and late.until_ms == 550, "expired, but nobody took it"
    assert leases.claim("key", "b", 550, 50)
    assert leases.renew(late, 551, 50) is None


def test_release(leases: Leases) -> None:
    lease = leases.claim("key", "a", 100, 50)
    assert lease
    assert not leases.release(replace(lease, holder="b"))
    assert not leases.release(replace(lease, fence=lease.fence + 1))
    assert leases.claim("key", "b", 101, 50) is None
    assert leases.release(lease)
    assert not leases.release(lease)
    assert leases.renew(lease, 101, 50) is None


def test_the_fence_rises_also_after_release(leases: Leases, make: Make) -> None:
    fences = []
    for n in range(5):
        lease = make().claim("key", "a", n, 1_000)
        assert lease
        fences.append(lease.fence)
        assert leases.release(lease)
    assert fences == sorted(set(fences))


def test_an_old_holder_cannot_release_for_the_new_one(leases: Leases) -> None:
    old = leases.claim("key", "a", 0, 10)
    new = leases.claim("key", "a", 10, 10)
    assert old and new
    assert not leases.release(old)
    assert leases.renew(old, 11, 10) is None
    assert leases.claim("key", "b", 19, 10) is None
    assert leases.release(new)


def test_clocks_apart_both_hold_but_only_the_last_has_it(leases: Leases) -> None:
    """The clock of whoever comes second is five minutes ahead."""
    behind_ms, ahead_ms, lease_ms = 1_000_000, 1_300_000, 60_000
    old = leases.claim("key", "behind", behind_ms, lease_ms)
    new = leases.claim("key", "ahead", ahead_ms, lease_ms)
    assert old and new and old.until_ms > behind_ms and new.fence > old.fence
    assert leases.held("key") == new
    assert leases.renew(old, behind_ms + 1, lease_ms) is None
    assert not leases.release(old)
    assert leases.renew(new, ahead_ms + 1, lease_ms) and leases.release(new)


def test_who_holds_a_lease(leases: Leases, make: Make) -> None:
    assert leases.held("key") is None
    lease = leases.claim("key", "a", 100, 50)
    assert lease and make().held("key") == lease
    renewed = leases.renew(lease, 1_000, 50)
    assert leases.held("key") == renewed != lease
    assert leases.release(lease), "whatever until when it is held"
    assert leases.held("key") is None
    again = leases.claim("key", "b", 0, 50)
    assert again and leases.held("key") == again


def test_who_waits(leases: Leases, make: Make) -> None:
    assert list(leases.waiting("key")) == []
    for name in ("c", "a", "b", "a"):
        make().wait("key", name)
    leases.wait("key2", "other")
    assert leases.claim("key", "a", 0, 9)
    assert list(leases.waiting("key")) == ["a", "b", "c"]
    leases.stop_waiting("key", "b")
    leases.stop_waiting("key", "unknown")
    assert list(make().waiting("key")) == ["a", "c"]
    assert list(leases.waiting("key2")) == ["other"]


def test_sixteen_threads_claim_and_one_gets_it(make: Make) -> None:
    keepers = [make() for _ in range(16)]
    barrier = threading.Barrier(16)

    def claim(n: int) -> object:
        barrier.wait()
        return keepers[n].claim("key", str(n), 0, 1_000)

    with ThreadPoolExecutor(16) as pool:
        got = [lease for lease in pool.map(claim, range(16)) if lease]
    assert got == [keepers[0].held("key")]


def test_none_that_waits_is_overlooked(make: Make) -> None:
    """Who waits says so before it looks at the lease; who leaves gives it up before it looks."""
    keepers = [make() for _ in range(8)]
    for n in range(5):
        lease = keepers[0].claim(f"key{n}", "leader", 0, 1_000)
        assert lease

        def come(name: int, n: int = n) -> bool:
            keepers[name].wait(f"key{n}", str(name))
            return keepers[name].held(f"key{n}") is None

        with ThreadPoolExecutor(8) as pool:
            came = [pool.submit(come, name) for name in range(1, 8)]
            assert keepers[0].release(lease)
            seen = set(keepers[0].waiting(f"key{n}"))
        for name, later in enumerate(came, 1):
            assert str(name) in seen or later.result()
