"""What keeps records in the table on AWS: imported late, by the functions that have the port."""

from __future__ import annotations

from typing import Any


def tallies(table: Any) -> Any:
    from resplice.adapters.dynamodb.tallies import DynamoTallies

    return DynamoTallies(table)
