"""Leases in DynamoDB, and who waits for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from resplice.adapters.dynamodb.table import Change, DynamoTable, Value, expires_at, word
from resplice.adapters.system_clock import SystemClock
from resplice.ports.clock import Clock
from resplice.ports.leases import Lease

WAITER_DAYS = 2
LEASE_DAYS = 30
"""After its end. Then the fence begins anew, which harms nobody: holders are compared too, and no
holder of that time is left."""
HOLDS = "#holder = :holder AND #fence = :fence"


class DynamoLeases:
    """Implements ports.leases.Leases. Raises StorageError."""

    def __init__(self, table: DynamoTable, clock: Clock | None = None) -> None:
        """clock: for when garbage may go, only."""
        self._table, self._clock = table, clock or SystemClock()

    def claim(self, key: str, holder: str, now_ms: int, lease_ms: int) -> Lease | None:
        by, until_ms = word(), now_ms + lease_ms
        change = Change(
            "attribute_not_exists(#holder) OR #until_ms <= :now_ms",
            values={"now_ms": now_ms},
            put={**_until(until_ms), "holder": holder, "by": by},
            count="fence",
        )
        taken, row = self._table.change(_lease_pk(key), "lease", change)
        ours = taken or row.get("by") == by
        return Lease(key, holder, row["fence"], until_ms) if ours else None

    def renew(self, lease: Lease, now_ms: int, lease_ms: int) -> Lease | None:
        """A refusal tells what is there: it may be ours, and last longer already."""
        change = Change(
            f"{HOLDS} AND #until_ms < :until_ms",
            values=_ours(lease),
            put=_until(now_ms + lease_ms),
        )
        _, row = self._table.change(_lease_pk(lease.key), "lease", change)
        ours = (row.get("holder"), row.get("fence")) == (lease.holder, lease.fence)
        return replace(lease, until_ms=row["until_ms"]) if ours else None

    def release(self, lease: Lease) -> bool:
        """The row stays: its fence must go on rising."""
        by = word()
        change = Change(HOLDS, _ours(lease), put={"by": by}, remove=["holder"])
        released, row = self._table.change(_lease_pk(lease.key), "lease", change)
        return released or row.get("by") == by

    def held(self, key: str) -> Lease | None:
        row = self._table.get(_lease_pk(key), "lease")
        if row is None or "holder" not in row:
            return None
        return Lease(key, row["holder"], row["fence"], row["until_ms"])

    def wait(self, key: str, project_id: str) -> None:
        until_s = expires_at(self._clock.now_ms(), WAITER_DAYS)
        place = {"pk": _lease_pk(key), "sk": f"waiter#{project_id}"}
        self._table.put({**place, "expires_at": until_s})

    def waiting(self, key: str) -> Sequence[str]:
        values = {"pk": _lease_pk(key), "waiter": "waiter#"}
        rows = self._table.query("#pk = :pk AND begins_with(#sk, :waiter)", values)
        return [row["sk"].removeprefix("waiter#") for row in rows]

    def stop_waiting(self, key: str, project_id: str) -> None:
        self._table.delete(_lease_pk(key), f"waiter#{project_id}")


def _lease_pk(key: str) -> str:
    return f"lease#{key}"


def _ours(lease: Lease) -> Mapping[str, Value]:
    return {"holder": lease.holder, "fence": lease.fence}


def _until(until_ms: int) -> Mapping[str, Value]:
    return {"until_ms": until_ms, "expires_at": expires_at(until_ms, LEASE_DAYS)}
