"""What all that keep keys of repeated requests must do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from resplice.adapters.dynamodb.idempotency import DynamoIdempotency
from resplice.adapters.sqlite.idempotency import SqliteIdempotency
from resplice.ports.idempotency import Claim, Idempotency
from row_places import Place

Make = Callable[[], Idempotency]
FIRST, SECOND = Claim("p1", "a"), Claim("p2", "b")


@pytest.fixture
def make(place: Place) -> Make:
    return lambda: place.open(SqliteIdempotency, DynamoIdempotency)


@pytest.fixture
def keys(make: Make) -> Idempotency:
    return make()


def test_the_first_claim_counts_until_its_time_is_over(keys: Idempotency, make: Make) -> None:
    assert keys.claim("owner", "key", FIRST, 1_000, 5_000) == FIRST
    assert make().claim("owner", "key", SECOND, 4_999, 9_000) == FIRST
    assert keys.claim("owner", "key", FIRST, 4_999, 9_000) == FIRST
    assert make().claim("owner", "key", SECOND, 5_000, 9_000) == SECOND
    assert keys.claim("owner", "key", FIRST, 8_999, 20_000) == SECOND


def test_others_have_keys_of_their_own(keys: Idempotency) -> None:
    for owner, key, claim in (
        *(("a", "key", FIRST), ("b", "key", SECOND)),
        *(("a", "Key", SECOND), ("a", "k" * 255, SECOND), ("a", "#", SECOND)),
    ):
        assert keys.claim(owner, key, claim, 1, 9) == claim
    assert keys.claim("a", "key", SECOND, 1, 9) == FIRST


def test_of_many_at_once_one_counts_for_all(keys: Idempotency, make: Make) -> None:
    own = [make() for _ in range(8)]

    def claim(n: int) -> Claim:
        return own[n % 8].claim("owner", "key", Claim(f"p{n}", f"{n}"), 1, 9)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(claim, range(40)))
    assert len({*found}) == 1
    assert keys.claim("owner", "key", SECOND, 2, 9) == found[0]
