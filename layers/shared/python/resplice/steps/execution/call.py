"""Call: a caller that renders one movie and waits for it, and executes it itself if need be.

What executes is imported when a movie is not in the cache: most that are called for are.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, replace

from resplice.core.owners import CALLS
from resplice.errors import RespliceError
from resplice.ports import Ports
from resplice.ports.projects import TERMINAL, Project
from resplice.steps.execution.coalesce import STOPPED, Coalescer
from resplice.steps.execution.progress import Watcher
from resplice.steps.execution.submit import Submission, begin, in_cache, new_project
from resplice.steps.movie_cache import Outcome, look_up
from resplice.steps.pipeline.accept import Accepted

POLL_SECONDS = 0.05
MAX_POLL_SECONDS = 0.5


@dataclass
class Called:
    """Implements ports.executions.Executions for a caller that executes its one project itself.

    It starts nothing: `due` says that the project is to be executed now.
    """

    due: bool = False

    def start(self, project_id: str) -> bool:
        self.due = True
        return True

    def cancel(self, project_id: str) -> None:
        """Nobody cancels it."""


def render(accepted: Accepted, ports: Ports, watcher: Watcher) -> Outcome:
    """Submit the movie and wait for its end; it is executed in this thread, unless an equal one
    is being executed by another process. Raises what it failed with.

    The owner is this call alone, so that nobody else executes it: the document, which may name
    local files, is stored nowhere.
    """
    called = Called()
    owner = f"{CALLS}{uuid.uuid4().hex}"
    coalescer = Coalescer(ports, called, call=owner)
    submission = replace(Submission.of(accepted, document=""), exports=())
    project = new_project(submission, owner, coalescer)
    outcome = _rendered(project, accepted, called, coalescer, watcher).of(accepted.said)
    # The caller takes the file with it.
    ports.file_users.drop(outcome.stored.key, project.id)
    return outcome


def _rendered(
    project: Project, accepted: Accepted, called: Called, coalescer: Coalescer, watcher: Watcher
) -> Outcome:
    ports, hit = coalescer.ports, in_cache(project, coalescer)
    if hit:
        begin(project, hit, coalescer)
        return hit
    # Before it is begun: from then on others wait for it, and not for long.
    from resplice.steps.execution.local import execute

    begin(project, None, coalescer)
    try:
        if not _called(called, project, coalescer, watcher):
            return _joined(project, ports.projects.peek(project.id), ports)
    except BaseException:
        coalescer.end_alone(project, "error", STOPPED)
        raise
    end = execute(project.id, coalescer, watcher, accepted)
    if isinstance(end, Exception):
        raise end
    return end or _joined(project, ports.projects.peek(project.id), ports)


def _called(called: Called, project: Project, coalescer: Coalescer, watcher: Watcher) -> bool:
    """Wait until the project is to be executed here; False when it has ended before that."""
    pause_s = 0.0
    while not called.due:
        stored = coalescer.ports.projects.peek(project.id)
        if stored is None or stored.status in TERMINAL:
            return False
        if not pause_s:
            watcher.waiting()
        pause_s = min(MAX_POLL_SECONDS, pause_s + POLL_SECONDS)
        threading.Event().wait(pause_s)
        coalescer.look_after(project.id)
    return True


def _joined(project: Project, ended: Project | None, ports: Ports) -> Outcome:
    """The movie that an equal project was made for."""
    hit = look_up(project.movie_key, ports, "joined") if project.movie_key else None
    if hit and ended and ended.status == "done":
        return hit
    raise RespliceError(ended.message if ended and ended.message else "The movie is gone")
