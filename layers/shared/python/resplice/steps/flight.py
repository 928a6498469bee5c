"""Flight: equal movies submitted at the same time are one execution, and share how it ends.

The first project to come holds the lease on the movie's key and is executed; the others wait.
Order makes it safe: who waits says so before it looks at the lease, and who ends gives up the
lease before it looks who waits; so each project is seen by one of them, or by both, and an end is
recorded once. When the leader is lost, one that waits takes over. `sweep` finds what nobody takes
care of any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from resplice.errors import StorageError
from resplice.ports import TERMINAL, Executions, Lease, Ports, Project
from resplice.steps.ending import done, failed
from resplice.steps.run import look_up

START_MS = 60_000
"""From taking the lead to the first step of the execution."""
DEADLINE_MS = 4_200_000
"""After this a project ends, whatever happened to its execution, which has an hour."""
OVERDUE = "The movie was not finished within its time limit"
LOST = "The rendering ended without a result"


@dataclass(frozen=True)
class Flights:
    """Implements ports.Workflow on executions that may run anywhere."""

    ports: Ports
    executions: Executions

    def start(self, project_id: str, movie_key: str | None) -> None:
        if movie_key is None:
            self._execute(project_id)
        else:
            self.ports.records.wait(movie_key, project_id)
            self._lead(movie_key, project_id)

    def _lead(self, movie_key: str, project_id: str) -> None:
        """Execute the project, unless another one leads."""
        now_ms = self.ports.clock.now_ms()
        lease = self.ports.records.claim(movie_key, project_id, now_ms, START_MS)
        if lease and look_up(movie_key, self.ports):
            self.ports.records.release(lease)
            self.land(movie_key)
        elif lease:
            self._execute(project_id)

    def _execute(self, project_id: str) -> None:
        """One whose execution has ended already, and told nobody, has failed."""
        if not self.executions.start(project_id):
            failed(project_id, "error", LOST, self.ports)
            project = self.ports.records.project(project_id)
            if project:
                self.leave(project)
                self.land_of(project)

    def leave(self, project: Project) -> None:
        """The project leads no longer, and waits no longer."""
        if movie_key := project.result.get("flight"):
            lease = self.ports.records.held(movie_key)
            if lease and lease.holder == project.id:
                self.ports.records.release(lease)
            self.ports.records.stop_waiting(movie_key, project.id)

    def land_of(self, project: Project) -> None:
        if movie_key := project.result.get("flight"):
            self.land(movie_key)

    def land(self, movie_key: str) -> None:
        """End all that wait when the movie is there; else one of them takes over."""
        hit = look_up(movie_key, self.ports, "joined")
        for project in self._waiting(movie_key):
            if hit is None:
                self._lead(movie_key, project.id)
                return
            done(project, hit, self.ports)
            self.ports.records.stop_waiting(movie_key, project.id)

    def crash_of(self, project: Project, end: Callable[[Project], object]) -> None:
        """Let all that wait with it share a failure, unless another leads them by now."""
        movie_key = project.result.get("flight")
        if movie_key and not self.ports.records.held(movie_key):
            for each in self._waiting(movie_key):
                end(each)
                self.ports.records.stop_waiting(movie_key, each.id)

    def _waiting(self, movie_key: str) -> list[Project]:
        """Those that have not ended; of the others it is forgotten that they waited."""
        waiting = []
        for project_id in self.ports.records.waiting(movie_key):
            project = self.ports.records.project(project_id)
            if project and project.status not in TERMINAL:
                waiting.append(project)
            else:
                self.ports.records.stop_waiting(movie_key, project_id)
        return waiting

    def sweep(self) -> int:
        """Take care of every project that nobody does; how many were not finished.

        Raises StorageError, after all had their turn.
        """
        unfinished = self.ports.records.unfinished()
        missed: StorageError | None = None
        for project_id in unfinished:
            try:
                project = self.ports.records.project(project_id)
                if project and project.status not in TERMINAL:
                    self._look_after(project)
            except StorageError as error:  # One that cannot be helped now must not block others.
                missed = error
        if missed:
            raise missed
        return len(unfinished)

    def _look_after(self, project: Project) -> None:
        age_ms = self.ports.clock.now_ms() - project.created_at_ms
        if age_ms > DEADLINE_MS:
            failed(project.id, "timeout", OVERDUE, self.ports)
            self.leave(project)
            self.land_of(project)
        elif age_ms > START_MS:
            self._revive(project)

    def _revive(self, project: Project) -> None:
        """Who leads is looked after first: a lease that ran out before it began is still its."""
        records, movie_key = self.ports.records, project.result.get("flight")
        lease = records.held(movie_key) if movie_key else None
        leader = records.project(lease.holder) if lease else None
        if lease and leader and leader.status in TERMINAL:
            self.leave(leader)
        elif lease and leader and self._is_due(lease, project):
            self._execute(leader.id)
            board(leader, self.ports)
        if movie_key is None:
            self._execute(project.id)
        elif leader is None or leader.id != project.id:
            self.start(project.id, movie_key)

    def _is_due(self, lease: Lease, project: Project) -> bool:
        return lease.holder == project.id or lease.until_ms <= self.ports.clock.now_ms()


def board(project: Project, ports: Ports) -> None:
    """Its execution has begun: the lease is held as long as that may take."""
    movie_key = project.result.get("flight")
    lease = ports.records.held(movie_key) if movie_key else None
    if lease and lease.holder == project.id:
        ports.records.renew(lease, ports.clock.now_ms(), DEADLINE_MS)
