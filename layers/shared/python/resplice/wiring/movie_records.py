"""Wiring on AWS: what is kept of movies beside their projects, in the table of records."""

from __future__ import annotations

from typing import Any

from resplice.adapters.system_clock import SystemClock


def progress(table: Any) -> Any:
    from resplice.adapters.dynamodb.progress import DynamoProgress

    return DynamoProgress(table, SystemClock())


def file_users(table: Any) -> Any:
    from resplice.adapters.dynamodb.file_users import DynamoFileUsers

    return DynamoFileUsers(table, SystemClock())
