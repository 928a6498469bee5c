"""Coalesce: equal movies submitted at the same time are one execution, and share how it ends.

The first project to come holds the lease on the movie's key and is executed; the others wait. A
project that shares with nobody holds a lease of its own, so that it is executed once all the same.

Order makes it safe. Who waits records that before it looks at the lease; who ends releases the
lease before it looks who waits. So each project is seen by one of them, or by both, and an end is
recorded once. A lease that has run out does not prove that its holder is dead: whoever meets it
claims it anew for that holder, and starts the holder's execution, which does nothing when it goes
on. Only when that execution has ended does another project take over. `sweep` finds projects
that nobody executes any more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache

from resplice.core.owners import CALLS
from resplice.core.time_units import MINUTE_MS
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.executions import Executions
from resplice.ports.leases import Lease
from resplice.ports.projects import TERMINAL, Project, ProjectStatus
from resplice.steps.execution.record import record_done, record_failed
from resplice.steps.movie_cache import look_up

ASK_EVERY_MS = 5 * MINUTE_MS
"""How often a project is looked at that seems to be taken care of, and its execution is started
once more: at each such age."""
HasEnded = Callable[[str], bool]
"""Whether the project of that id is over."""
OVERDUE = "The movie was not finished within its time limit"
LOST = "The rendering ended without a result"
STOPPED = "The rendering was stopped"

log = logging.getLogger(__name__)


def lease_key(project: Project) -> str:
    """The key of the lease that the project's execution holds."""
    shared = None if project.elements_only else project.movie_key
    return shared or f"project/{project.id}"


@frozen
class Coalescer:
    """Starts executions, one for equal projects. call: the one owner, with whose projects it has
    to do; None: all but those of single calls.
    """

    ports: Ports
    executions: Executions
    call: str | None = None

    def start(self, project: Project) -> None:
        """Execute the stored project, or let it wait for an equal one."""
        self.ports.leases.wait(lease_key(project), project.id)
        self._lead(lease_key(project), project)

    def joins(self, project: Project) -> bool:
        """Whether an equal one is being executed now, as it seems: nothing is claimed."""
        held, now_ms = self.ports.leases.held(lease_key(project)), self.ports.clock.now_ms()
        return bool(held and (held.until_ms > now_ms or self._can_lead(held.holder)))

    def _lead(self, key: str, project: Project) -> None:
        """Execute the project; or, when another one holds the lease and it has run out, that one.

        The claim is for the holder there was, so that of many who come at once one starts it.
        """
        leases, now_ms = self.ports.leases, self.ports.clock.now_ms()
        held = leases.held(key)
        if held and held.until_ms > now_ms:
            return
        leader = held.holder if held and self._can_lead(held.holder) else project.id
        lease = leases.claim(key, leader, now_ms, self.ports.patience.start_ms)
        if lease and leader != project.id and not self._can_lead(leader):
            leases.release(lease)  # It ended in between, and had released the lease before.
            self._lead(key, project)
        elif lease and look_up(key, self.ports):
            leases.release(lease)
            self.end_waiting(key)
        elif lease:
            self._execute(leader)

    def _can_lead(self, project_id: str) -> bool:
        project = self.ports.projects.peek(project_id)
        return bool(project and self._is_ours(project) and not self._is_overdue(project))

    def _is_ours(self, project: Project) -> bool:
        of_a_call = project.owner.startswith(CALLS)
        return _is_open(project) and (project.owner == self.call if of_a_call else not self.call)

    def _is_overdue(self, project: Project) -> bool:
        return self._age_ms(project) > self.ports.patience.deadline_ms

    def _age_ms(self, project: Project) -> int:
        return self.ports.clock.now_ms() - project.created_at_ms

    def _execute(self, project_id: str) -> None:
        """A project whose execution has ended without recording it has failed."""
        if self.executions.start(project_id):
            return
        project = self.ports.projects.peek(project_id)
        if project and self._age_ms(project) > self.ports.patience.execution_ms:
            self.end_alone(project, "timeout", OVERDUE)
        elif project:
            self.end_alone(project, "error", LOST)

    def end_alone(self, project: Project, status: ProjectStatus, message: str) -> bool:
        """End this project only; one of those that wait with it takes over. False when it had
        ended before.
        """
        ended = record_failed(project, status, message, self.ports)
        self.release(project)
        self.end_waiting(lease_key(project))
        return ended

    def cancel(self, project: Project, message: str) -> None:
        """End this project only, and its execution."""
        self.end_alone(project, "error", message)
        self.executions.cancel(project.id)

    def release(self, project: Project) -> None:
        """The project has ended: give up its lease, and forget that it waited."""
        self.give_up(project)
        self.ports.leases.stop_waiting(lease_key(project), project.id)

    def give_up(self, project: Project) -> None:
        """Give up the project's lease, so that whoever comes next takes it up at once."""
        lease = self.ports.leases.held(lease_key(project))
        if lease and lease.holder == project.id:
            self.ports.leases.release(lease)

    def end_waiting(self, key: str) -> None:
        """End all that wait when the movie is there; else one of them takes over."""
        for project in self._waiting(key):
            if hit := look_up(key, self.ports, "joined", shown_by=project.id):
                record_done(project, hit, self.ports)
                self.ports.leases.stop_waiting(key, project.id)
            elif self._is_ours(project) and not self._is_overdue(project):
                self._lead(key, project)
                return

    def fail_waiting(
        self, project: Project, end: Callable[[Project], object], *, of_key: str | None = None
    ) -> None:
        """Let all that wait with it share a failure, unless another leads them by now. of_key: only
        those that were posted with a bounded API key of that digest.
        """
        key = lease_key(project)
        if self.ports.leases.held(key):
            return
        for each in self._waiting(key):
            if of_key is None or (each.bounded and each.bounded.digest == of_key):
                end(each)
                self.ports.leases.stop_waiting(key, each.id)

    def _waiting(self, key: str) -> Iterator[Project]:
        """Projects that wait and have not ended; of the others it is forgotten that they waited."""
        for project_id in self.ports.leases.waiting(key):
            project = self.ports.projects.peek(project_id)
            if project and _is_open(project):
                yield project
            else:
                self.ports.leases.stop_waiting(key, project_id)

    def resume(self) -> None:
        """Start all that is not finished and that nobody executes. What fails for one is logged.

        Raises StorageError when it cannot be known what is not finished.
        """

        def start(project_id: str) -> None:
            project = self.ports.projects.peek(project_id)
            if project and self._is_ours(project):
                self.start(project)

        _each(self.ports.projects.unfinished(), start)

    def sweep(self, going_on: Collection[str] = ()) -> int:
        """Take care of every project that nobody does; how many were due to be looked at. That is
        when they are older than a start may take, and then at times: the others are not even read,
        and in a burst they are most. going_on: those that are surely taken care of.

        Raises the first error, whatever it is, after all had their turn: what makes one project
        impossible must not block others, and people hear of it when the function fails.
        """
        patience, now_ms = self.ports.patience, self.ports.clock.now_ms()
        young_ms = min(patience.start_ms, patience.deadline_ms)
        due = self.ports.agenda.due(now_ms, young_ms)
        has_ended = cache(self._has_ended)  # Thousands may wait for the same one.

        def look(project_id: str) -> None:
            """Who dies or fails in the middle leaves it due. On one machine it stays so: nobody
            else is to be spared, and who takes over from a process that is gone does it at once.
            """
            project = self.look_after(project_id, has_ended)
            if project is None:
                self.ports.agenda.forget(project_id)
            elif not patience.renewed:
                self.ports.agenda.postpone(project_id, self._due_again_ms(project))

        if error := _each((each for each in due if each not in going_on), look):
            raise error
        return len(due)

    def _due_again_ms(self, project: Project) -> int:
        """At the next age of so many minutes, and when its time is over."""
        again_ms = (self._age_ms(project) // ASK_EVERY_MS + 1) * ASK_EVERY_MS
        return project.created_at_ms + min(again_ms, self.ports.patience.deadline_ms)

    def look_after(self, project_id: str, has_ended: HasEnded | None = None) -> Project | None:
        """Start, or end, one project that nobody executes; it, unless it had ended. has_ended: what
        is asked of those that others wait for.
        """
        project = self.ports.projects.peek(project_id)
        if project is None or project.status in TERMINAL:
            return None
        if self._is_overdue(project):
            self.end_alone(project, "timeout", OVERDUE)
        elif self._is_ours(project) and self._age_ms(project) > self.ports.patience.start_ms:
            self._look_after_lease(project, has_ended or self._has_ended)
        return project

    def _look_after_lease(self, project: Project, has_ended: HasEnded) -> None:
        """Nothing is written for a project that waits for one whose execution has begun."""
        key, now_ms = lease_key(project), self.ports.clock.now_ms()
        lease: Lease | None = self.ports.leases.held(key)
        if lease and lease.holder != project.id and has_ended(lease.holder):
            self.ports.leases.release(lease)
            lease = None
        margin_ms = 0 if self.ports.patience.renewed else self.ports.patience.start_ms
        if lease and lease.holder == project.id and lease.until_ms > now_ms:
            if self._is_asked_for(project):
                self._execute(project.id)
        elif lease is None or lease.until_ms <= now_ms + margin_ms:
            self.start(project)

    def _has_ended(self, project_id: str) -> bool:
        project = self.ports.projects.peek(project_id)
        return not project or project.status in TERMINAL or self._is_overdue(project)

    def _is_asked_for(self, project: Project) -> bool:
        """Whether to start its execution now: always, until it begins, and then seldom. Never
        where a lease is renewed by who executes: one that runs shows that somebody does.
        """
        if self.ports.patience.renewed:
            return False
        return project.status == "pending" or self._age_ms(project) > ASK_EVERY_MS


def _is_open(project: Project) -> bool:
    return project.status not in TERMINAL


def _each(project_ids: Iterable[str], call: Callable[[str], None]) -> Exception | None:
    """Call it for each project, whatever happens to others; the first error, after all of them."""
    first: Exception | None = None
    for project_id in project_ids:
        try:
            call(project_id)
        except Exception as error:
            log.error("project %s: nobody takes care of it", project_id, exc_info=error)
            first = first or error
    return first


def mark_started(project: Project, ports: Ports) -> None:
    """Its execution has begun: the lease is held as long as that may take, or until the next
    renewal.
    """
    key = lease_key(project)
    lease = ports.leases.held(key)
    while lease and lease.holder == project.id:
        if ports.leases.renew(lease, ports.clock.now_ms(), ports.patience.lease_ms):
            return
        lease = ports.leases.held(key)  # Somebody has claimed it anew for the project.
