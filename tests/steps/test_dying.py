"""A step dies after any of its changes and is called again: as if it had not died."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dying import Fate, die, fated
from far_apart import OWNER, Died, FarApart, MovedClock, dangling, emptied
from resplice.ports import Ports
from resplice.ports.projects import TERMINAL, Project
from resplice.steps.execution import complete as completing
from resplice.steps.pipeline.accept import accept
from resplice.wiring.aws import PATIENCE
from studio import give, movie, picture, still, studio, tone
from web_server import serving

MAX_CHANGES = 200
REFUSED = "http://10.0.0.1/none.png"


@dataclass
class Desk:
    ports: Ports
    folder: Path
    document: dict[str, Any]
    plain: dict[str, Any]
    count: int = 0

    def far(self, *, warm: bool = False) -> FarApart:
        """warm: it has all pieces of the plain document, but not its movie."""
        self.count += 1
        place = self.folder / str(self.count)
        if warm:
            shutil.copytree(self.folder / "warm", place)
        return FarApart(emptied(self.ports, place))

    def key(self, document: dict[str, Any]) -> str:
        ports = self.ports
        return accept(document, ports.tools, ports.offers, ports.components.all).key


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with serving() as server, studio(folder / "data", server) as lab:
        red = give(server, "/red.png", picture("red"))
        text = {"type": "text", "text": "Ann", "width": 60, "height": 30}
        heard = {"type": "audio", "src": give(server, "/a.wav", tone(440, 0.2)), "duration": -2}
        box = {"text": "Ann", "animate": {"left": "50%", "duration": 100}}
        settings = {"textbox1": box | {"width": "50%", "height": "50%"}}
        moving = {"type": "component", "component": "textbox/simple", "settings": settings}
        document = movie({"duration": 0.1, "elements": [text, moving, heard]})
        desk = Desk(lab.ports, folder, document, movie(still(red, 0.1)))
        warm = FarApart(emptied(lab.ports, folder / "warm"))
        warm.ports.objects.delete(warm.movie_key(warm.made(desk.plain)["project"]))
        yield desk


def test_an_execution_that_dies_after_any_change_ends_as_any_other(desk: Desk) -> None:
    key = desk.key(desk.document)
    right, needed = "", Fate(0, die)
    for n in range(MAX_CHANGES):
        far, fate = desk.far(), Fate(n, die)
        project, follower = far.post(desk.document), far.post(desk.document)
        fated(far, fate).play_all()
        right = right or far.movie_key(project)
        needed = needed if n else fate
        assert far.movie_key(project) == right, "a movie is named by its bytes"
        assert far.told(follower)["status"] == "done"
        assert far.executions.started == [project]
        assert dangling(far, key) == []
        for work in ("run", "paint", "animate", "fetch"):
            again = fate.done.count(work) - needed.done.count(work)
            assert 0 <= again <= 1, f"{work} {again} times too often after {fate.calls[:n]}"
            assert not again or n == 0 or fate.calls[n - 1] in (work, "put", "splice")
        if n and len(fate.calls) <= n:
            return
    raise AssertionError("it never came to its end")


def test_a_failing_execution_that_dies_after_any_change_tells_all_the_same(desk: Desk) -> None:
    document = movie(still(REFUSED))
    for n in range(MAX_CHANGES):
        far, fate = desk.far(), Fate(n, die)
        projects = [far.post(document) for _ in range(3)]
        fated(far, fate).play_all()
        told = [far.told(project) for project in projects]
        assert {each["status"] for each in told} == {"error"}
        assert len({each["message"] for each in told}) == 1
        assert REFUSED in told[0]["message"]
        assert far.executions.started == projects[:1]
        assert dangling(far, desk.key(document)) == []
        if not fate.came:
            return
    raise AssertionError("it never came to its end")


@pytest.mark.parametrize("after", ["nobody", "leader"])
def test_a_post_that_dies_after_any_change_is_taken_up(desk: Desk, after: str) -> None:
    """What it stored comes to an end; the sweep may come when it likes, and more than once."""
    key = desk.key(desk.plain)
    for n in range(MAX_CHANGES):
        far, fate = desk.far(warm=True), Fate(n, die)
        leaders = [far.post(desk.plain)] if after == "leader" else []
        moved(far, 1)
        others = {project.id for project in kept(far)} - {*leaders}
        try:
            fated(far, fate).post(desk.plain)
        except Died:
            pass
        else:
            assert n == 0 or not fate.came
        stored = [project.id for project in kept(far) if project.id not in others]
        # Before it is stored, it is noted who is about to show the files of the movie.
        is_stored = fate.done[:2] == ["add", "add"]
        assert len(stored) == len(leaders) + is_stored, (n, fate.done)
        moved(far, PATIENCE.start_ms + 1_000)
        far.coalescer.sweep(), far.coalescer.sweep()
        far.play_all()
        assert all(far.told(project)["status"] == "done" for project in stored)
        assert dangling(far, key) == []
        assert len(far.executions.started) == bool(stored)
        if not fate.came:
            return
    raise AssertionError("it never came to its end")


@pytest.mark.parametrize("status", ["ABORTED", "FAILED", "TIMED_OUT"])
def test_an_end_told_from_outside_that_dies_is_told_again(desk: Desk, status: str) -> None:
    for n in range(MAX_CHANGES):
        far, fate = desk.far(warm=True), Fate(n, die)
        projects = [far.post(desk.plain) for _ in range(3)]
        far.executions.ended.add(projects[0])
        own = fated(far, fate)
        own.step("event", lambda: completing.stopped(projects[0], status, own.coalescer))  # noqa: B023
        moved(far, PATIENCE.start_ms + 1_000)
        far.coalescer.sweep()
        assert len(far.executions.started[1:]) == (status == "ABORTED")
        far.play_all()
        ends = sorted(far.told(project)["status"] for project in projects)
        wanted = {"FAILED": ["error"] * 3, "TIMED_OUT": ["timeout"] * 3}
        assert ends == wanted.get(status, ["done", "done", "error"])
        assert dangling(far, desk.key(desk.plain)) == []
        if not fate.came:
            return
    raise AssertionError("it never came to its end")


def test_a_sweep_that_dies_is_made_up_for_by_the_next(desk: Desk) -> None:
    for n in range(MAX_CHANGES):
        far, fate = desk.far(warm=True), Fate(n, die)
        projects = [far.post(desk.plain) for _ in range(3)]
        far.executions.ended.add(projects[0])
        moved(far, PATIENCE.start_ms + 1_000)
        own = fated(far, fate)
        own.step("sweep", own.coalescer.sweep)
        far.play_all()
        assert all(far.told(project)["status"] in TERMINAL for project in projects)
        assert sorted(far.told(p)["status"] for p in projects[1:]) == ["done", "done"]
        assert dangling(far, desk.key(desk.plain)) == []
        if not fate.came:
            return
    raise AssertionError("it never came to its end")


def kept(far: FarApart) -> Sequence[Project]:
    return far.ports.projects.list(OWNER, 0, 1 << 60, 9)


def moved(far: FarApart, by_ms: int) -> None:
    clock = far.ports.clock
    assert isinstance(clock, MovedClock)
    clock.ahead_ms += by_ms
