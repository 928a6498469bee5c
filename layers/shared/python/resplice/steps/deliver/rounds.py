"""Rounds: an entry of the outbox is taken, each destination that is due is tried, and what became
of it is written down at once.

Whoever dies in between leaves an entry that another takes a moment later, and tells what was not
written down once more: under the same id. One round at a time for a project, so that its
destinations come in order.
"""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from resplice.core.exports.delivery import Delivery, delivery_id, next_ms
from resplice.core.exports.kinds import KINDS
from resplice.core.exports.targets import Complete, Target, completed, place_of
from resplice.core.providers import Connection
from resplice.errors import DeliveryError, DeliveryFailed, StorageError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.outbox import Entry
from resplice.ports.projects import TERMINAL, Project
from resplice.steps.deliver.parcels import parcel_of
from resplice.steps.leasing import repeated

ROUND_SECONDS = 300
"""For all destinations together, at each round."""
HOLD_MS = 20_000
HOLDS_PER_LEASE = 4
AT_ONCE = 200
"""Entries that one sweep hands out."""

log = logging.getLogger(__name__)


@frozen
class Deliverer:
    """base_url: where movies are served from. seconds: see ROUND_SECONDS."""

    ports: Ports
    base_url: str
    seconds: float = ROUND_SECONDS

    def deliver(self, project_id: str) -> None:
        """Tell the project's end to whom it is due now; nothing when another does that.

        Raises StorageError.
        """
        ports, now_ms = self.ports, self.ports.clock.now_ms()
        holder = uuid.uuid4().hex
        entry = ports.outbox.claim(project_id, holder, now_ms, now_ms + HOLD_MS)
        project = ports.projects.peek(project_id) if entry else None
        if entry and (project is None or project.status not in TERMINAL):
            ports.outbox.release(entry, None)
        elif entry and project:
            _Round(self, project, entry).go()


@dataclass
class _Round:
    deliverer: Deliverer
    project: Project
    entry: Entry
    connections: Sequence[Connection] = ()
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def ports(self) -> Ports:
        return self.deliverer.ports

    def go(self) -> None:
        """What is not tried in this round's time is tried in the next."""
        project, now_ms = self.project, self.ports.clock.now_ms
        deadline_ms = now_ms() + int(self.deliverer.seconds * 1000)
        with _held(self.entry, self.ports):
            self.connections = self._known()
            self.deliveries = list(self.entry.deliveries) or first_deliveries(
                project, self.connections
            )
            for place, target in enumerate(project.exports):
                left_ms = deadline_ms - now_ms()
                if self.deliveries[place].is_due(now_ms()) and left_ms > 0:
                    self.deliveries[place] = self._tried(place, target, left_ms / 1000)
                    self._keep()
        due_ms = next_ms(self.deliveries, now_ms())
        self.ports.outbox.release(self.entry.noted(self.deliveries), due_ms)

    def _keep(self) -> None:
        if not self.ports.outbox.keep(self.entry.noted(self.deliveries)):
            raise StorageError(f"project {self.project.id}: another tells its end by now")

    def _known(self) -> Sequence[Connection]:
        """Asked for only where a destination names one."""
        if not any(target.connection for target in self.project.exports):
            return ()
        return self.ports.of(self.project.owner).offers().connections

    def _tried(self, place: int, target: Target, seconds: float) -> Delivery:
        delivery, now_ms = self.deliveries[place], self.ports.clock.now_ms
        try:
            complete = _completed(target, self.connections)
            if self.project.movie is None and not complete.kind.failures:
                return delivery.skipped("there is no movie to send")
            self._send(delivery.id, complete, seconds)
        except DeliveryError as error:
            return delivery.failed(
                error.reason,
                now_ms(),
                self.entry.since_ms,
                for_good=not error.retry,
                after_ms=1000 * error.after_s,
            )
        except Exception as error:
            # Not in its words: they may quote what it was given.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("delivery %s: %s\n%s", delivery.id, type(error).__name__, where)
            return delivery.failed("Internal error", now_ms(), self.entry.since_ms, for_good=False)
        return delivery.arrived(now_ms())

    def _send(self, id: str, target: Complete, seconds: float) -> None:
        deliverer, ports = self.deliverer, self.ports
        with parcel_of(id, self.project, target, deliverer.base_url, ports) as parcel:
            ports.senders[target.kind.name].send(parcel, seconds)


def first_deliveries(project: Project, connections: Sequence[Connection] = ()) -> list[Delivery]:
    """What has become of them before anything was tried."""
    return [
        Delivery(delivery_id(project.id, place), *_named(target, connections))
        for place, target in enumerate(project.exports)
    ]


def _named(target: Target, connections: Sequence[Connection]) -> tuple[str, str]:
    """(the kind, where it is) as people see it; of a connection that is gone, its name."""
    with suppress(ValueError):
        complete = completed(target, connections)
        return complete.kind.name, complete.where
    kind = KINDS.get(target.kind)
    where = place_of(kind, target.said) if kind else ""
    return target.kind or "connection", where or target.connection or ""


def _completed(target: Target, connections: Sequence[Connection]) -> Complete:
    try:
        return completed(target, connections)
    except ValueError as error:
        raise DeliveryFailed(str(error)) from None


@contextmanager
def _held(entry: Entry, ports: Ports) -> Iterator[None]:
    """Hold the entry while it is worked on: who dies is followed by another a moment later."""

    def hold() -> None:
        ports.outbox.hold(entry, ports.clock.now_ms() + HOLD_MS)

    with repeated(hold, HOLD_MS / HOLDS_PER_LEASE / 1000):
        yield


def sweep(ports: Ports, tell: Callable[[str], object]) -> int:
    """Hand out all that is due; how many. Raises StorageError."""
    due = ports.outbox.due(ports.clock.now_ms(), AT_ONCE)
    for project_id in due:
        tell(project_id)
    return len(due)
