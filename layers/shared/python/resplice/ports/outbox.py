"""The outbox: ends of projects that are to be told, each entered in the same write as the end.

Entries are made by `Projects.add` and `Projects.end`, for projects that have exports. All times are
milliseconds since the epoch, of the caller's clock. A project's id is its owner's secret: whoever
has it may ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from resplice.core.exports.delivery import Delivery
from resplice.frozen import frozen


@frozen
class Entry:
    """What has become of a project's exports.

    deliveries  one for each destination, in order; none before the first try
    since_ms    from when on the time is counted for which it is tried
    due_ms      when somebody is to go on; None when all is over
    holder      who works on it until due_ms
    """

    project_id: str
    since_ms: int
    due_ms: int | None
    deliveries: tuple[Delivery, ...] = ()
    holder: str | None = None

    def noted(self, deliveries: Sequence[Delivery]) -> Entry:
        return replace(self, deliveries=tuple(deliveries))


class Outbox(Protocol):
    """What was written is read by whoever reads next, but for `due`, which may be behind. Every
    method raises StorageError.
    """

    def due(self, now_ms: int, limit: int) -> Sequence[str]:
        """The ids of projects with something to do now that nobody works on, longest due first."""
        ...

    def get(self, project_id: str) -> Entry | None: ...

    def claim(
        self, project_id: str, holder: str, now_ms: int, until_ms: int, *, early: bool = False
    ) -> Entry | None:
        """The entry, held until then; None when it is not due, or another holds it. early: also
        when it is not due yet, or all is over.
        """
        ...

    def hold(self, entry: Entry, until_ms: int) -> bool:
        """Hold it longer. False when it was lost to another holder."""
        ...

    def keep(self, entry: Entry) -> bool:
        """Write what has become of its deliveries. False when it was lost to another holder."""
        ...

    def release(self, entry: Entry, due_ms: int | None) -> bool:
        """The same, and since_ms, and give it up. due_ms: when to go on; None: never. False when it
        was lost to another holder.
        """
        ...
