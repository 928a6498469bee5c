"""Of several saves the newest wins, however late the render of an older one ends."""

from __future__ import annotations

import threading
from argparse import Namespace
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from resplice.cli import saves as module
from resplice.cli.saves import Saves, Superseded
from resplice.core.report import Report
from resplice.errors import MakeError, Problem

OBJECTS = SimpleNamespace(open=lambda key: nullcontext())


class Renders:
    """Stands for what renders: each save's ends when the test says so, well or with an error."""

    def __init__(self) -> None:
        self.go_on = {name: threading.Event() for name in ("one", "two")}
        self.begun = {name: threading.Event() for name in ("one", "two")}
        self.names, self.told = iter(("one", "two")), list[str]()
        self.fails, self.shown = set[str](), threading.Event()
        self.ended = {name: threading.Event() for name in ("one", "two")}

    def made(self, accepted: Any, ports: Any, watcher: Any, take: Any) -> Any:
        name = accepted.movie
        self.begun[name].set()
        try:
            assert self.go_on[name].wait(20)
            if name in self.fails:
                raise MakeError([Problem("scenes[0]", name)])
            take(name)
        finally:
            self.ended[name].set()
        return SimpleNamespace(stored=SimpleNamespace(key=name), report=Report("hit", name))

    # As the screen.
    def renders(self) -> None: ...
    def shows(self, key: str, line: str, warnings: list[str]) -> None:
        self.told.append(f"shows {key}")
        self.shown.set()

    def fails_(self, error: Exception) -> None:
        self.told.append(f"fails {error}")


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Renders:
    made = Renders()
    ports = SimpleNamespace(objects=OBJECTS)
    monkeypatch.setattr(module, "UNWIND_SECONDS", 0.05)
    monkeypatch.setattr(module, "own_run", lambda *_, **__: nullcontext(ports))
    monkeypatch.setattr(module, "document_of", lambda options: ({}, {}))
    monkeypatch.setattr(module, "accepted_of", lambda *_: SimpleNamespace(movie=next(made.names)))
    monkeypatch.setattr(module, "files_read", lambda *_: set())
    monkeypatch.setattr(module, "made", made.made)
    monkeypatch.setattr(
        module, "deliver", lambda key, out, ports: made.told.append(f"delivers {key}")
    )
    return made


def saves_of(renders: Renders, tmp_path: Path) -> Saves:
    options = Namespace(data=tmp_path, out=tmp_path / "out.mp4")
    files = SimpleNamespace(follow=lambda named: None)
    screen = SimpleNamespace(renders=renders.renders, shows=renders.shows, fails=renders.fails_)
    given: Any = (options, files, None, None, screen)
    return Saves(*given)


@pytest.mark.parametrize("fails", [(), ("one",)])
@pytest.mark.parametrize("first", ["one", "two"])
def test_an_older_render_is_not_delivered_shown_or_said_to_be_wrong(
    renders: Renders, tmp_path: Path, first: str, fails: tuple[str, ...]
) -> None:
    """first: which of them ends first."""
    renders.fails |= {*fails}
    saves = saves_of(renders, tmp_path)
    saves.begin()
    assert renders.begun["one"].wait(20)
    saves.begin()
    assert renders.begun["two"].wait(20)
    for name in sorted(renders.go_on, key=lambda each: each != first):
        renders.go_on[name].set()
        assert renders.ended[name].wait(20)
    assert renders.shown.wait(20)
    saves.stop()
    assert renders.told == ["delivers two", "shows two"]


def test_nothing_is_shown_after_the_end(renders: Renders, tmp_path: Path) -> None:
    saves = saves_of(renders, tmp_path)
    saves.begin()
    assert renders.begun["one"].wait(20)
    saves.stop()
    renders.go_on["one"].set()
    assert renders.ended["one"].wait(20)
    assert renders.told == []


def test_a_superseded_render_is_ended_where_it_tells_of_itself() -> None:
    save = module.Save(lambda share: None)
    for tell in (save.made, save.joining, lambda: save.planned([]), lambda: save.frames("key", 1)):
        tell()
        save.is_superseded.set()
        with pytest.raises(Superseded):
            tell()
        save.is_superseded.clear()
