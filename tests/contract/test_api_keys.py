"""What all that keep API keys must do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cloud
import pytest
from resplice.adapters.dynamodb.api_keys import DynamoApiKeys
from resplice.adapters.sqlite.api_keys import SqliteApiKeys
from resplice.core.quotas import Bounds
from resplice.errors import StorageError
from resplice.ports.api_keys import ApiKey, ApiKeys
from row_places import DynamoPlace, Place

Make = Callable[[], ApiKeys]


@pytest.fixture
def make(place: Place) -> Make:
    return lambda: place.open(SqliteApiKeys, DynamoApiKeys)


@pytest.fixture
def api_keys(make: Make) -> ApiKeys:
    return make()


def test_keys_are_kept_found_listed_and_removed(api_keys: ApiKeys, make: Make) -> None:
    assert api_keys.get("d1") is None and list(api_keys.list()) == []
    late = ApiKey("d1", "late", "render", 2_000, expires_at_ms=9_000)
    first, second = ApiKey("d2", "", "admin", 1_000), ApiKey("d3", "é", "viewer", 1_000)
    second = replace(second, bounds=Bounds(0, None, 1))
    late = replace(late, owner="acme", bounds=Bounds(10**9, 7, 1_500_000))
    for key in (late, second, first):
        api_keys.add(key)
        assert make().get(key.digest) == key
    assert list(api_keys.list()) == [first, second, late]
    with pytest.raises(StorageError, match="d2"):
        api_keys.add(replace(late, digest="d2"))
    assert api_keys.remove("d2") and not api_keys.remove("d2")
    assert make().get("d2") is None
    assert list(make().list()) == [second, late]


def test_a_key_without_bounds_takes_no_more_than_before(place: Place) -> None:
    """Rows of earlier versions have none, and earlier versions read what is written now."""
    if not isinstance(place, DynamoPlace):
        return
    place.open(SqliteApiKeys, DynamoApiKeys).add(ApiKey("d1", "one", "render", 7))
    row = cloud.client("dynamodb").get_item(
        TableName=place.table, Key={"pk": {"S": "key#d1"}, "sk": {"S": "key"}}
    )["Item"]
    assert row.keys() == {"pk", "sk", "digest", "name", "role", "created_at_ms", "owner"}
