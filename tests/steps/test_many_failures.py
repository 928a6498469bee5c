"""A workflow of many tasks says only that one failed; what can only fail again is told even so.

Each failure of a scene comes here as it does from such a workflow: as something lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from far_apart import FarApart, emptied
from resplice.core.filtergraph import Invocation
from resplice.errors import NotFound, RenderError
from resplice.ports import Ports
from resplice.ports.renderer import Renderer
from studio import give, movie, picture, still, studio
from web_server import serving

WORDS = "FFmpeg failed on a segment: größer"


class ManyApart(FarApart):
    """Its scenes are a map over executions of their own."""

    def step(self, name: str, call: Callable[[], Any]) -> Any:
        try:
            return super().step(name, call)
        except Exception as error:
            if name == "scene":
                raise NotFound("the tolerated failure threshold was exceeded") from error
            raise


@dataclass
class Failing:
    """Fails as often as it is told to, and counts what it is asked to make."""

    renderer: Renderer
    error: Exception
    times: int
    asked: int = 0

    def run(
        self, invocation: Invocation, into: Path, on_frames: Callable[[int], None] | None = None
    ) -> int:
        self.asked += 1
        if self.asked <= self.times:
            raise self.error
        return self.renderer.run(invocation, into, on_frames)

    def run_together(self, invocation: Invocation, into: Sequence[Path]) -> None:
        self.asked += 1
        if self.asked <= self.times:
            raise self.error
        self.renderer.run_together(invocation, into)


@dataclass(frozen=True)
class Desk:
    ports: Ports
    document: dict[str, Any]

    def made(self, folder: Path, renderer: Any) -> dict[str, Any]:
        return ManyApart(replace(emptied(self.ports, folder), renderer=renderer)).made(
            self.document
        )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with serving() as server, studio(tmp_path_factory.mktemp("desk"), server) as lab:
        yield Desk(lab.ports, movie(still(give(server, "/red.png", picture("red")), 0.1)))


def test_what_can_only_fail_again_is_told_in_its_words(desk: Desk, tmp_path: Path) -> None:
    failing = Failing(desk.ports.renderer, RenderError(WORDS), times=99)
    told = desk.made(tmp_path, failing)
    assert (told["status"], told["message"]) == ("error", WORDS)
    assert failing.asked == 1, "it is not made again"


@pytest.mark.parametrize("error", [NotFound("gone"), RuntimeError("died")], ids=["gone", "died"])
def test_what_may_go_well_is_made_again(desk: Desk, tmp_path: Path, error: Exception) -> None:
    failing = Failing(desk.ports.renderer, error, times=2)
    assert desk.made(tmp_path, failing)["status"] == "done"


def test_another_run_of_the_same_movie_begins_anew(desk: Desk, tmp_path: Path) -> None:
    failing = Failing(desk.ports.renderer, RenderError(WORDS), times=1)
    assert desk.made(tmp_path, failing)["status"] == "error"
    assert desk.made(tmp_path, failing)["status"] == "done"
