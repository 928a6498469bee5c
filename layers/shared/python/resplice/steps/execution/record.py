"""Record: the one place where a project ends. Cache hits, executions, equal projects and sweeps
all end it here. The first end is recorded; later ones change nothing.
"""

from __future__ import annotations

from dataclasses import replace

from resplice.core.report import Report
from resplice.ports import Ports
from resplice.ports.projects import Ending, MovieFile, Project, ProjectStatus
from resplice.steps.movie_cache import Outcome
from resplice.steps.tallying import tally

STILL_MADE = "A picture is made; no movie was rendered"
ELEMENTS_MADE = "The elements are made; nothing was rendered"


def add_done(project: Project, outcome: Outcome, ports: Ports) -> None:
    """Add a project whose movie is in the cache already. Raises StorageError."""
    ports.projects.add(replace(project, **vars(_done(outcome, ports))))
    _tell(project, ports)
    tally(project.owner, outcome.report, ports)


def record_done(project: Project, outcome: Outcome, ports: Ports) -> bool:
    """End the project with its movie, or its still. False when it had ended before."""
    done = _done(outcome, ports)
    done = replace(done, message=STILL_MADE) if project.stills else done
    ended = _ended(project, done, ports)
    if ended:
        tally(project.owner, outcome.report, ports)
    return ended


def record_elements(project: Project, report: Report, ports: Ports) -> bool:
    """End the project with the elements of its movie. False when it had ended before."""
    ending = Ending("done", ELEMENTS_MADE, ports.clock.now_ms(), report=report.as_json())
    ended = _ended(project, ending, ports)
    if ended:
        tally(project.owner, report, ports)
    return ended


def record_failed(project: Project, status: ProjectStatus, message: str, ports: Ports) -> bool:
    """End the project without one. False when it had ended before. status: error or timeout."""
    return _ended(project, Ending(status, message, ports.clock.now_ms()), ports)


def _ended(project: Project, ending: Ending, ports: Ports) -> bool:
    ended = ports.projects.end(project.id, ending)
    if ended:
        _tell(project, ports)
    return ended


def _tell(project: Project, ports: Ports) -> None:
    """Soon: that it is to be told was written with the end."""
    if project.exports:
        ports.telling.tell(project.id)


def _done(outcome: Outcome, ports: Ports) -> Ending:
    stored, facts = outcome.stored, outcome.stored.facts
    sizes = (facts["duration"], facts["size"], facts["width"], facts["height"])
    kept_ms = ports.movies_kept_ms
    expires_at_ms = None if kept_ms is None else outcome.new_at_ms + kept_ms
    beside = outcome.ass, outcome.thumbnail, expires_at_ms
    movie = MovieFile(stored.key, *sizes, *beside, manifest=outcome.manifest)
    return Ending("done", "", ports.clock.now_ms(), movie, outcome.report.as_json())
