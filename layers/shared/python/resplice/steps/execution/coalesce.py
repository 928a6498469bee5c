"""Flight: equal movies submitted at the same time are one execution, and share how it ends.

The first project to come holds the lease on the movie's key and is executed; the others wait.
Order makes it safe: who waits says so before it looks at the lease, and who ends gives up the
lease before it looks who waits; so each project is seen by one of them, or by both, and an end is
recorded once. A lease that has run out is a question, not a vacancy: whoever meets it takes it
anew for its holder, and asks for the holder's execution; only when that has ended, one that waits
takes over. `sweep` finds what nobody takes care of any more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from resplice.ports import Ports
from resplice.ports.executions import Executions
from resplice.ports.projects import TERMINAL, Project, ProjectStatus
from resplice.steps.execution.ending import done, failed
from resplice.steps.execution.run import look_up

START_MS = 60_000
"""From taking the lead to the first step of the execution."""
EXECUTION_MS = 3_600_000
"""The state machine ends an execution that takes longer."""
DEADLINE_MS = 4_200_000
"""After this a project ends, whatever happened to its execution."""
MINUTE_MS = 60_000
MINUTES_UNASKED = 5
"""What has begun, and seems to go on, is asked for as rarely as this."""
OVERDUE = "The movie was not finished within its time limit"
LOST = "The rendering ended without a result"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Coalescer:
    """Implements ports.executions.Workflow on executions that may run anywhere."""

    ports: Ports
    executions: Executions

    def start(self, project_id: str, movie_key: str | None) -> None:
        if movie_key is None:
            self._execute(project_id)
        else:
            self.ports.leases.wait(movie_key, project_id)
            self._lead(movie_key, project_id)

    def _lead(self, movie_key: str, project_id: str) -> None:
        """Execute the project, unless another one leads: then that one, if it is late to begin.

        The claim is for the holder there was, so that of many who come at once one asks for it.
        """
        leases, now_ms = self.ports.leases, self.ports.clock.now_ms()
        held = leases.held(movie_key)
        if held and held.until_ms > now_ms:
            return
        leader = held.holder if held and self._can_lead(held.holder) else project_id
        lease = leases.claim(movie_key, leader, now_ms, START_MS)
        if lease and leader != project_id and not self._can_lead(leader):
            leases.release(lease)  # It ended in between, and had given the lease up before.
            self._lead(movie_key, project_id)
        elif lease and look_up(movie_key, self.ports):
            leases.release(lease)
            self.land(movie_key)
        elif lease:
            self._execute(leader)

    def _can_lead(self, project_id: str) -> bool:
        project = self.ports.projects.get(project_id)
        return bool(project and project.status not in TERMINAL and not self._is_overdue(project))

    def _is_overdue(self, project: Project) -> bool:
        return self._age_ms(project) > DEADLINE_MS

    def _age_ms(self, project: Project) -> int:
        return self.ports.clock.now_ms() - project.created_at_ms

    def _execute(self, project_id: str) -> None:
        """One whose execution has ended already, and told nobody, has failed."""
        if self.executions.start(project_id):
            return
        project = self.ports.projects.get(project_id)
        if project and self._age_ms(project) > EXECUTION_MS:
            self._drop(project, "timeout", OVERDUE)
        elif project:
            self._drop(project, "error", LOST)

    def _drop(self, project: Project, status: ProjectStatus, message: str) -> None:
        """It ends alone: of those that wait with it one takes over."""
        failed(project.id, status, message, self.ports)
        self.leave(project)
        self.land_of(project)

    def leave(self, project: Project) -> None:
        """The project, which has ended, leads no longer, and waits no longer."""
        if movie_key := project.movie_key:
            lease = self.ports.leases.held(movie_key)
            if lease and lease.holder == project.id:
                self.ports.leases.release(lease)
            self.ports.leases.stop_waiting(movie_key, project.id)

    def land_of(self, project: Project) -> None:
        if movie_key := project.movie_key:
            self.land(movie_key)

    def land(self, movie_key: str) -> None:
        """End all that wait when the movie is there; else one of them takes over."""
        hit = look_up(movie_key, self.ports, "joined")
        for project in self._waiting(movie_key):
            if hit:
                done(project, hit, self.ports)
                self.ports.leases.stop_waiting(movie_key, project.id)
            elif not self._is_overdue(project):
                self._lead(movie_key, project.id)
                return

    def crash_of(self, project: Project, end: Callable[[Project], object]) -> None:
        """Let all that wait with it share a failure, unless another leads them by now."""
        movie_key = project.movie_key
        if movie_key and not self.ports.leases.held(movie_key):
            for each in self._waiting(movie_key):
                end(each)
                self.ports.leases.stop_waiting(movie_key, each.id)

    def _waiting(self, movie_key: str) -> list[Project]:
        """Those that have not ended; of the others it is forgotten that they waited."""
        waiting = []
        for project_id in self.ports.leases.waiting(movie_key):
            project = self.ports.projects.get(project_id)
            if project and project.status not in TERMINAL:
                waiting.append(project)
            else:
                self.ports.leases.stop_waiting(movie_key, project_id)
        return waiting

    def sweep(self) -> int:
        """Take care of every project that nobody does; how many were not finished.

        Raises the first error, whatever it is, after all had their turn: what makes one project
        impossible must not block others, and people hear of it when the function fails.
        """
        unfinished = self.ports.projects.unfinished()
        known, first = frozenset(unfinished), None
        for project_id in unfinished:
            try:
                self._look_after(project_id, known)
            except Exception as error:
                log.error("project %s: the sweep failed", project_id, exc_info=error)
                first = first or error
        if first:
            raise first
        return len(unfinished)

    def _look_after(self, project_id: str, unfinished: Collection[str]) -> None:
        project = self.ports.projects.get(project_id)
        if project is None or project.status in TERMINAL:
            return
        if self._is_overdue(project):
            self._drop(project, "timeout", OVERDUE)
        elif self._age_ms(project) > START_MS:
            movie_key = project.movie_key
            if movie_key:
                self._look_after_flight(movie_key, project, unfinished)
            elif self._is_asked_for(project):
                self._execute(project_id)

    def _look_after_flight(
        self, movie_key: str, project: Project, unfinished: Collection[str]
    ) -> None:
        """Of those that wait for one whose execution has begun nothing is written.

        Who leads, and has not ended, is among the unfinished and has a turn of its own.
        """
        now_ms = self.ports.clock.now_ms()
        lease = self.ports.leases.held(movie_key)
        if lease and lease.holder not in unfinished and not self._can_lead(lease.holder):
            self.ports.leases.release(lease)
            lease = None
        if lease and lease.holder == project.id and lease.until_ms > now_ms:
            if self._is_asked_for(project):
                self._execute(project.id)
        elif lease is None or lease.until_ms <= now_ms + START_MS:
            self.start(project.id, movie_key)

    def _is_asked_for(self, project: Project) -> bool:
        """Whether to ask now for its execution: always, until it begins, and then seldom."""
        minutes = self._age_ms(project) // MINUTE_MS
        return project.status == "pending" or minutes % MINUTES_UNASKED == 0


def board(project: Project, ports: Ports) -> None:
    """Its execution has begun: the lease is held as long as that may take."""
    leases, movie_key = ports.leases, project.movie_key
    lease = leases.held(movie_key) if movie_key else None
    while lease and lease.holder == project.id:
        if leases.renew(lease, ports.clock.now_ms(), DEADLINE_MS):
            return
        lease = leases.held(lease.key)  # Somebody has taken it anew for the project.
