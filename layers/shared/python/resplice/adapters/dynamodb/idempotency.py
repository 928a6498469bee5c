"""Keys of repeated requests in DynamoDB."""

from __future__ import annotations

import hashlib

from resplice.adapters.dynamodb.table import Change, DynamoTable, expires_at
from resplice.ports.idempotency import Claim


class DynamoIdempotency:
    """Implements ports.idempotency.Idempotency. Raises StorageError."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def claim(self, owner: str, key: str, claim: Claim, now_ms: int, until_ms: int) -> Claim:
        """A request that is sent again meets its own claim, which counts as well."""
        change = Change(
            "attribute_not_exists(#until_ms) OR #until_ms <= :now_ms",
            values={"now_ms": now_ms},
            put={**vars(claim), "until_ms": until_ms, "expires_at": expires_at(until_ms, 1)},
        )
        digest = hashlib.sha256(key.encode()).hexdigest()
        _, row = self._table.change(f"idempotency#{owner}", digest, change)
        return Claim(row["project_id"], row["digest"])
