"""What all that keep bulks must do."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from resplice.adapters.dynamodb.bulks import DynamoBulks
from resplice.adapters.sqlite.bulks import SqliteBulks
from resplice.core.document.bulk_call import MAX_ROWS
from resplice.core.document.table import MAX_NAME_BYTES
from resplice.ports.bulks import MAX_ERROR_BYTES, Bulk, BulkRow, Bulks
from row_places import Place

Make = Callable[[], Bulks]
ROWS = (BulkRow("Oslo"), BulkRow('é,"\u2028', "scenes[0]: \x00 'no'\n"))
BULK = Bulk("b1", "me", 1_000, ROWS)


@pytest.fixture
def make(place: Place) -> Make:
    return lambda: place.open(SqliteBulks, DynamoBulks)


def test_what_is_put_is_read_by_its_owner_only(make: Make) -> None:
    make().put(BULK)
    assert make().get("me", "b1") == BULK
    assert make().get("you", "b1") is None and make().get("me", "b2") is None


def test_it_is_put_in_the_place_of_the_one_before(make: Make) -> None:
    bulks = make()
    bulks.put(BULK)
    later = Bulk("b1", "me", 2_000, (BulkRow("Oslo", "refused"),))
    bulks.put(later)
    assert make().get("me", "b1") == later


def test_the_most_rows_with_the_longest_names_and_errors(make: Make) -> None:
    """Of texts that no packing makes small."""
    chance = random.Random(7)

    def text(size_bytes: int) -> str:
        return "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(size_bytes // 3))

    rows = tuple(BulkRow(text(MAX_NAME_BYTES), text(MAX_ERROR_BYTES)) for _ in range(MAX_ROWS))
    make().put(Bulk("b3", "me", 1_000, rows))
    found = make().get("me", "b3")
    assert found is not None and found.rows == rows
