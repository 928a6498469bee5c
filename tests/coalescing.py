"""A service whose coalescing is tried: its movies, its clock, what is asked of it at every turn."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from far_apart import FarApart, MovedClock, emptied
from resplice.errors import StorageError
from resplice.ports import Ports
from resplice.steps.execution.coalesce import mark_started
from resplice.steps.pipeline.accept import accept
from studio import give, movie, picture, still, studio
from web_server import serving


@dataclass
class Desk:
    ports: Ports
    folder: Path
    document: dict[str, Any]
    count: int = 0

    def far(self) -> FarApart:
        """A service that has all pieces of the document, but not its movie."""
        self.count += 1
        place = self.folder / str(self.count)
        shutil.copytree(self.folder / "warm", place)
        return FarApart(emptied(self.ports, place))

    def key(self, document: dict[str, Any]) -> str:
        return accept(document, self.ports.tools).key


@contextmanager
def desk_in(folder: Path) -> Iterator[Desk]:
    with serving() as server, studio(folder / "data", server) as lab:
        red = give(server, "/red.png", picture("red"))
        desk = Desk(lab.ports, folder, movie(still(red, 0.1)))
        warm = FarApart(emptied(lab.ports, folder / "warm"))
        warm.ports.objects.delete(warm.movie_key(warm.made(desk.document)["project"]))
        yield desk


def moved(far: FarApart, by_ms: int) -> None:
    clock = far.ports.clock
    assert isinstance(clock, MovedClock)
    clock.ahead_ms += by_ms


def ends(far: FarApart, projects: list[str]) -> list[str]:
    return [far.told(project)["status"] for project in projects]


def begun(far: FarApart, project_id: str) -> None:
    """Its execution begins."""
    project = far.ports.projects.get(project_id)
    assert project
    mark_started(project, far.ports)
    far.ports.projects.advance(project_id, "Preparing")


def fail() -> None:
    raise StorageError("cannot reach the table")
