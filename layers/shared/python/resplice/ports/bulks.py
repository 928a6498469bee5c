"""Bulks: movies that were asked for together, one for each row of variables.

Times are milliseconds since the epoch, UTC, of the caller's clock.
"""

from __future__ import annotations

from typing import Protocol

from resplice.frozen import frozen

MAX_ERROR_BYTES = 500
"""UTF-8. DynamoDB keeps the errors and names (core.document.table) of MAX_ROWS in one item of 400
KB.
"""


@frozen
class BulkRow:
    """name: of its movie. error: why it has no project, at most
    MAX_ERROR_BYTES; empty where it has one.
    """

    name: str
    error: str = ""


@frozen
class Bulk:
    """rows: at most core.document.bulk_call.MAX_ROWS. Which projects they have follows from the
    id: see steps.bulks.
    """

    id: str
    owner: str
    created_at_ms: int
    rows: tuple[BulkRow, ...]


class Bulks(Protocol):
    """What was written is read by whoever reads next. Every method raises StorageError."""

    def put(self, bulk: Bulk) -> None:
        """Also in the place of one with the same id. It is kept as long as its projects, at
        least.
        """
        ...

    def get(self, owner: str, bulk_id: str) -> Bulk | None:
        """The owner's."""
        ...
