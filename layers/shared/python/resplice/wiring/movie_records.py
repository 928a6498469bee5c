"""Wiring on AWS: what is kept of movies beside their projects, and for how long their files are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from resplice.adapters.system_clock import SystemClock
from resplice.core.time_units import DAY_MS


def makers(table: Callable[[], Any]) -> Mapping[str, Callable[[], Any]]:
    """Those of ports in the table of records, by the names of the ports."""
    own = {
        "agenda": _agenda,
        "file_users": _file_users,
        "progress": _progress,
        "idempotency": _idempotency,
        "bulks": _bulks,
    }
    return {name: partial(_made, make, table) for name, make in own.items()}


def kept_ms(refresh_after_days: Mapping[str, float]) -> int | None:
    """After it the bucket removes what was not used: it is made new at half of it."""
    half = refresh_after_days.get("movies/")
    return None if half is None else round(2 * half * DAY_MS)


def _made(make: Callable[[Any], Any], table: Callable[[], Any]) -> Any:
    return make(table())


def _agenda(table: Any) -> Any:
    from resplice.adapters.dynamodb.agenda import DynamoAgenda

    return DynamoAgenda(table, SystemClock())


def _file_users(table: Any) -> Any:
    from resplice.adapters.dynamodb.file_users import DynamoFileUsers

    return DynamoFileUsers(table, SystemClock())


def _progress(table: Any) -> Any:
    from resplice.adapters.dynamodb.progress import DynamoProgress

    return DynamoProgress(table, SystemClock())


def _idempotency(table: Any) -> Any:
    from resplice.adapters.dynamodb.idempotency import DynamoIdempotency

    return DynamoIdempotency(table)


def _bulks(table: Any) -> Any:
    from resplice.adapters.dynamodb.bulks import DynamoBulks

    return DynamoBulks(table)
