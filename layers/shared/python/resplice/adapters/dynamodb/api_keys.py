"""API keys in DynamoDB: each twice, to be found by its digest and to be listed."""

from __future__ import annotations

from collections.abc import Sequence

from resplice.adapters.bounds_rows import bounds_from, bounds_text
from resplice.adapters.dynamodb.table import DynamoTable, Item, adding, in_time, removing
from resplice.core.owners import FIRST_OWNER
from resplice.errors import StorageError
from resplice.ports.api_keys import ApiKey


class DynamoApiKeys:
    """Implements ports.api_keys.ApiKeys. Raises StorageError."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def add(self, key: ApiKey) -> None:
        """Raises StorageError when there is one of this digest."""
        row = {**vars(key), "bounds": bounds_text(key.bounds)}
        values = {name: value for name, value in row.items() if value is not None}
        places = _key_places(key)
        if not self._table.together([adding({"pk": pk, "sk": sk, **values}) for pk, sk in places]):
            raise StorageError(f"the key {key.digest} is there already")

    def get(self, digest: str) -> ApiKey | None:
        row = self._table.get(f"key#{digest}", "key")
        return _api_key(row) if row else None

    def list(self) -> Sequence[ApiKey]:
        return [_api_key(row) for row in self._table.query("#pk = :pk", {"pk": "keys"})]

    def remove(self, digest: str) -> bool:
        key = self.get(digest)
        return key is not None and self._table.together([removing(*at) for at in _key_places(key)])


def _key_places(key: ApiKey) -> Sequence[tuple[str, str]]:
    return [(f"key#{key.digest}", "key"), ("keys", in_time(key.created_at_ms, key.digest))]


def _api_key(row: Item) -> ApiKey:
    return ApiKey(
        digest=row["digest"],
        name=row["name"],
        role=row["role"],
        created_at_ms=row["created_at_ms"],
        expires_at_ms=row.get("expires_at_ms"),
        owner=row.get("owner", FIRST_OWNER),
        bounds=bounds_from(row.get("bounds")),
    )
