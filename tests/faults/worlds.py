"""What all places have in common: how a film is asked for, and what is looked at in the end."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from faults.kinds import Fault
from faults.process import Died, Journal
from resplice.errors import NotFound, RespliceError
from resplice.ports import Ports
from resplice.ports.projects import TERMINAL
from resplice.steps import projects
from resplice.steps.execution.coalesce import Coalescer

Film = dict[str, Any]
OWNER = "self"
DEADLINE_MS = 26 * 3_600_000
"""Of a project on one machine, and a little more."""
POSTS = 4


@dataclass(frozen=True)
class End:
    """How a project ended. digest: of its movie's bytes, None when they cannot be read."""

    status: str
    message: str
    digest: str | None = None
    result: str = ""


@dataclass(frozen=True)
class Found:
    """ends: by the names under which films were asked for. left: what ought not to be there. lost:
    what leads to bytes that are not there.
    """

    ends: dict[str, End]
    left: tuple[str, ...]
    lost: tuple[str, ...] = ()

    @classmethod
    def of(cls, ports: Ports, names: Sequence[str], folder: Path) -> Found:
        ends = {}
        for name in names:
            project = ports.projects.get(project_of(name))
            if project is None:
                ends[name] = End("lost", "")
                continue
            ends[name] = End(project.status, project.message, *_movie(project, ports))
        left = [f"project {each} is open" for each in ports.projects.unfinished()]
        keys = {p.movie_key for n in names if (p := ports.projects.get(project_of(n)))}
        for key in sorted(filter(None, keys)):
            left += [f"{p} waits" for p in ports.leases.waiting(key) if _is_open(p, ports)]
            if (lease := ports.leases.held(key)) and _is_open(lease.holder, ports):
                left.append(f"{key} is held by {lease.holder}")
        return cls(ends, tuple(left))

    def dumped(self) -> bytes:
        return pickle.dumps(self)

    @classmethod
    def loaded(cls, content: bytes) -> Found:
        found: Found = pickle.loads(content)
        return found


def _is_open(project_id: str, ports: Ports) -> bool:
    """Who has ended holds nothing, whatever its row says."""
    project = ports.projects.peek(project_id)
    return project is None or project.status not in TERMINAL


def _movie(project: Any, ports: Ports) -> tuple[str | None, str]:
    result = str((project.report or {}).get("movie", {}).get("result", ""))
    if not project.movie:
        return None, result
    try:
        with ports.objects.open(project.movie.key) as path:
            return hashlib.sha256(path.read_bytes()).hexdigest(), result
    except NotFound:
        return None, result


class Place(Protocol):
    """Where films are made. A new one begins empty."""

    name: str

    @property
    def journal(self) -> Journal: ...

    def begin(self) -> None: ...

    def serve(
        self, film: Film, name: str, fault: Fault | None = None, *, notes: bool = False
    ) -> bool: ...

    def found(self, names: list[str]) -> Found: ...


def project_of(name: str) -> str:
    """The id of the project of that name."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def posted(
    film: Film,
    name: str,
    coalescer: Coalescer,
    journal: Journal,
    relieved: Callable[[], object] = lambda: None,
) -> None:
    """As a client does it that hears of an error, or of none: it asks again for the same. relieved:
    what is done meanwhile.
    """
    body = json.dumps(film).encode()
    for attempt in range(POSTS):
        try:
            projects.submit(body, coalescer, OWNER, project_id=project_of(name))
            return
        except Died:
            raise
        except RespliceError as error:
            journal.note("refused", str(error))
            relieved()
            if attempt == POSTS - 1:
                journal.note("stuck", f"it is never taken in: {error}")
