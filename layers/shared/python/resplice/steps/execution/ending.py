"""Ending: how a project ends, and the words for it. An end is recorded once; later ones are not."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from resplice.errors import DocumentError, MakeError, Problem, RespliceError, StorageError
from resplice.ports import Ports
from resplice.ports.projects import Ending, MovieFile, Project, ProjectStatus
from resplice.steps.execution.run import Outcome

MAX_WORDS_CHARS = 4_000
"""With paths beside them they fit 16 KiB: some clients take the first piece for the whole."""
MAX_PATH_CHARS = 400
NO_STORE = "The store cannot be used now; try again later"
"""Of a StorageError: its own words name places, rights and requests, which are for the log."""

log = logging.getLogger(__name__)


def done(project: Project, outcome: Outcome, ports: Ports) -> bool:
    """Whether this was what ended it."""
    return ports.projects.end(project.id, ending(outcome, ports))


def failed(project_id: str, status: ProjectStatus, message: str, ports: Ports) -> bool:
    """Whether this was what ended it. status: error or timeout."""
    return ports.projects.end(project_id, Ending(status, message, ports.clock.now_ms()))


def ending(outcome: Outcome, ports: Ports) -> Ending:
    """Of a project whose movie is there."""
    facts = (outcome.stored.facts[name] for name in ("duration", "size", "width", "height"))
    movie = MovieFile(outcome.stored.key, *facts)
    return Ending("done", "", ports.clock.now_ms(), movie, outcome.report.as_json())


def worded(problems: Sequence[Problem], separator: str) -> tuple[str, Sequence[Problem]]:
    """The messages of the problems in one text, and those it holds; the others are counted."""
    room, told = MAX_WORDS_CHARS, list[Problem]()
    for problem in problems:
        room -= len(problem.message) + len(separator)
        if room < 0 and told:
            break
        told.append(Problem(_short(problem.path, MAX_PATH_CHARS), _short(problem.message)))
    messages = [problem.message for problem in told]
    more = [f"and {len(problems) - len(told)} more"] if len(told) < len(problems) else []
    return separator.join([*messages, *more]), told


def words(error: Exception, project_id: str) -> str:
    """What the caller is told. The log gets what they need not know."""
    if isinstance(error, DocumentError | MakeError):
        return worded(error.problems, "\n")[0]
    evidence = getattr(error, "evidence", "")
    log.error("project %s failed: %s\n%s", project_id, error, evidence, exc_info=error)
    return plain(error) if isinstance(error, RespliceError) else "Internal error"


def plain(error: RespliceError) -> str:
    """The error in words that callers may hear."""
    return NO_STORE if isinstance(error, StorageError) else _short(str(error))


def _short(text: str, most_chars: int = MAX_WORDS_CHARS) -> str:
    """Keys of a document may be megabytes long."""
    return text if len(text) <= most_chars else f"{text[:most_chars]}…"
