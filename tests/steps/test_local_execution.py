"""Executions in this process: how they end when others, a full disk or a person cut in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from resplice.core.time_units import HOUR_MS
from resplice.errors import MakeError, StorageError
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.ports.projects import Ending, Project
from resplice.steps.execution.call import render
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.local import execute
from resplice.steps.execution.progress import Unwatched
from resplice.steps.messages import STORE_FAILED
from resplice.steps.pipeline.accept import accept
from studio import Studio, give, movie, picture, still, studio
from web_server import Server, serving


@dataclass
class Idle:
    """Executions that others have."""

    def start(self, project_id: str) -> bool:
        return True


@dataclass(frozen=True)
class Over:
    """A port with one method that is another one."""

    port: Any
    method: str
    call: Callable[..., Any]

    def __getattr__(self, name: str) -> Any:
        return self.call if name == self.method else getattr(self.port, name)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def lab(server: Server, tmp_path: Path) -> Iterator[Studio]:
    with studio(tmp_path / "data", server) as lab:
        yield lab


@pytest.fixture
def document(server: Server) -> dict[str, Any]:
    return movie(still(give(server, "/red.png", picture("red"))))


def without_room(ports: Ports, prefix: str) -> Ports:
    """A store that has no room for what begins so."""

    def put(key: str, source: Path, facts: Any) -> StoredObject:
        if key.startswith(prefix):
            raise StorageError(f"cannot store {key}: no room for it on this disk")
        return ports.objects.put(key, source, facts)

    objects: Any = Over(ports.objects, "put", put)
    return replace(ports, objects=objects)


def test_a_full_disk_is_told_of_an_element(
    lab: Studio, document: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    lab.ports = without_room(lab.ports, "elements/content/")
    with pytest.raises(MakeError) as raised:
        lab.render(document)
    assert str(raised.value) == f"Scene #1, element #1: {STORE_FAILED}"
    assert "no room for it on this disk" in caplog.text


def test_a_full_disk_is_told_of_a_scene(lab: Studio, document: dict[str, Any]) -> None:
    lab.ports = without_room(lab.ports, "scenes/segment/")
    with pytest.raises(StorageError, match="no room for it on this disk"):
        lab.render(document)


def test_an_error_that_nobody_foresaw_is_internal(lab: Studio, document: dict[str, Any]) -> None:
    def fetch(*_: Any) -> Any:
        raise KeyError("nobody foresaw it")

    web: Any = Over(lab.ports.web, "fetch", fetch)
    lab.ports = replace(lab.ports, web=web)
    with pytest.raises(MakeError, match="Scene #1, element #1: Internal error"):
        lab.render(document)


def test_a_project_that_ended_before_it_is_executed_says_nothing_of_others(
    lab: Studio, document: dict[str, Any]
) -> None:
    """The end of its project is no end of the movie that others wait for."""
    ports, text = lab.ports, json.dumps(document)
    coalescer = Coalescer(ports, Idle())
    for name, owner in (("lead", "self"), ("follow", "render/another")):
        now_ms = ports.clock.now_ms()
        project = Project(name, owner, text, now_ms, movie_key="movies/key")
        ports.projects.add(project)
        coalescer.start(project)
    ended: list[str] = []

    def peek(project_id: str) -> Project | None:
        found = ports.projects.peek(project_id)
        if project_id == "lead" and not ended:
            ended.append(project_id)
            ports.projects.end("lead", Ending("timeout", "over", ports.clock.now_ms()))
        return found

    projects: Any = Over(ports.projects, "peek", peek)
    own = replace(coalescer, ports=replace(ports, projects=projects))
    assert execute("lead", own, Unwatched()) is None
    follower = ports.projects.get("follow")
    assert follower and (follower.status, follower.message) == ("pending", "")
    assert ports.leases.held("movies/key") is None, "whoever waits may take over"


def test_who_is_interrupted_while_it_waits_leaves_nothing_open(
    lab: Studio, document: dict[str, Any]
) -> None:
    ports = lab.ports
    accepted = accept(document, ports.tools)
    assert ports.leases.claim(accepted.key, "another", ports.clock.now_ms(), HOUR_MS)

    class Interrupting(Unwatched):
        def waiting(self) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render(accepted, ports, Interrupting())
    assert list(ports.projects.unfinished()) == []
    assert list(ports.leases.waiting(accepted.key)) == []
    held = ports.leases.held(accepted.key)
    assert held and held.holder == "another"
