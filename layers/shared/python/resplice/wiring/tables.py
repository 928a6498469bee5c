"""What keeps records in the table on AWS: imported late, by the functions that have the port."""

from __future__ import annotations

from typing import Any

from resplice.wiring.library import with_library


def tallies(table: Any) -> Any:
    from resplice.adapters.dynamodb.tallies import DynamoTallies

    return DynamoTallies(table)


def counters(table: Any) -> Any:
    from resplice.adapters.dynamodb.counters import DynamoCounters

    return DynamoCounters(table)


def templates(table: Any) -> Any:
    from resplice.adapters.dynamodb.templates import DynamoTemplates

    return with_library(DynamoTemplates(table))
