"""Movies that were asked for together, in DynamoDB: all rows are in one item."""

from __future__ import annotations

import zlib

from resplice.adapters.bulk_rows import rows_of, text_of
from resplice.adapters.dynamodb.projects import PROJECT_DAYS
from resplice.adapters.dynamodb.table import DynamoTable, expires_at
from resplice.ports.bulks import Bulk

BULK_DAYS = PROJECT_DAYS + 2
"""Of its projects some may be a day younger: what was refused is taken in when it is repeated."""


class DynamoBulks:
    """Implements ports.bulks.Bulks. Raises StorageError."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def put(self, bulk: Bulk) -> None:
        self._table.put(
            {
                **{"pk": _pk(bulk.id), "sk": "bulk", "owner": bulk.owner},
                "created_at_ms": bulk.created_at_ms,
                "rows": zlib.compress(text_of(bulk.rows).encode()),
                "expires_at": expires_at(bulk.created_at_ms, BULK_DAYS),
            }
        )

    def get(self, owner: str, bulk_id: str) -> Bulk | None:
        item = self._table.get(_pk(bulk_id), "bulk")
        if item is None or item["owner"] != owner:
            return None
        rows = rows_of(zlib.decompress(item["rows"]))
        return Bulk(bulk_id, owner, item["created_at_ms"], rows)


def _pk(bulk_id: str) -> str:
    return f"bulk#{bulk_id}"
