"""A scene whose elements are there is rendered while those of others are being made; the movie is
what it would be, and nothing is made twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from resplice.core.excerpt import excerpt
from resplice.core.filtergraph import Invocation
from resplice.errors import MakeError, RenderError
from resplice.ports.renderer import Renderer
from resplice.steps.execution import ahead
from studio import Studio, clip, give, movie, picture, still, studio
from web_server import Handler, Server, serving

PATIENCE_S = 20.0
SEGMENTS = "scenes/segment/"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def pieces(lab: Studio) -> int:
    return sum(1 for _ in lab.ports.objects.list(SEGMENTS))


def when(server: Server, path: str, there: Callable[[], bool], body: bytes | None) -> str:
    """Serves the body, or a failure, once that is so."""

    def answer(to: Handler) -> None:
        until_s = time.monotonic() + PATIENCE_S
        while not there() and time.monotonic() < until_s:
            time.sleep(0.01)
        to.give(200 if body else 404, body or b"")

    server.answers[path] = answer
    return server.url(path)


def moving(server: Server, folder: Path, **more: Any) -> dict[str, Any]:
    """A scene of a clip, which is encoded."""
    source = give(server, "/clip.mp4", clip(folder / "clip.mp4").read_bytes())
    return {"duration": 1, "elements": [{"type": "video", "src": source}], **more}


def test_a_scene_is_rendered_before_the_elements_of_another_are_there(
    server: Server, tmp_path: Path
) -> None:
    scenes = [moving(server, tmp_path), still(server.url("/slow.png"), 1)]
    with studio(tmp_path / "data", server) as lab:
        when(server, "/slow.png", lambda: pieces(lab) == 1, picture("blue"))
        begun_s = time.monotonic()
        made = lab.render(movie(*scenes))
        assert time.monotonic() - begun_s < PATIENCE_S, "it waited for a piece in vain"
        assert lab.runs() == 5, "two pieces, sounds and the poster: none is made twice"
        assert [scene.result for scene in made.report.scenes] == ["miss", "miss"]
        begun_early = lab.decoded(movie(*scenes))
    give(server, "/slow.png", picture("blue"))
    with studio(tmp_path / "clean", server) as lab:
        assert lab.decoded(movie(*scenes)) == begun_early


def test_what_is_blended_waits_for_both_sides(server: Server, tmp_path: Path) -> None:
    enters = {"transition": {"style": "fade", "duration": 0.5}}
    scenes = [moving(server, tmp_path), still(server.url("/slow.png"), 1) | enters]
    with studio(tmp_path / "data", server) as lab:
        begun_s = time.monotonic()
        when(server, "/slow.png", lambda: time.monotonic() > begun_s + 1, picture("blue"))
        lab.render(movie(*scenes))
        assert pieces(lab) == 3 and lab.runs() == 6


def test_what_lies_over_all_scenes_is_waited_for(server: Server, tmp_path: Path) -> None:
    over = {"type": "image", "src": server.url("/slow.png"), "duration": -2}
    with studio(tmp_path / "data", server) as lab:
        seen = list[int]()

        def later() -> bool:
            seen.append(pieces(lab))
            return len(seen) > 50

        when(server, "/slow.png", later, picture("blue"))
        lab.render(movie(moving(server, tmp_path), elements=[over]))
        assert not any(seen) and pieces(lab) == 1


def test_a_movie_that_fails_leaves_nothing_running(server: Server, tmp_path: Path) -> None:
    """What was begun for it is ended, and what was made is there for the next one."""
    scenes = [moving(server, tmp_path), still(server.url("/slow.png"), 1)]
    with studio(tmp_path / "data", server) as lab:
        when(server, "/slow.png", lambda: pieces(lab) == 1, None)
        with pytest.raises(MakeError):
            lab.render(movie(*scenes))
        assert lab.runs() == 2, "the scene and its sound"
        give(server, "/slow.png", picture("blue"))
        report = lab.render(movie(*scenes)).report
        assert [scene.result for scene in report.scenes] == ["hit", "miss"]


@dataclass
class FailsOnce:
    """A Renderer whose first segment fails."""

    renderer: Renderer
    segments: int = 0

    def run(self, invocation: Invocation, into: Path, on_frames: Any = None) -> int:
        self.segments += into.name.startswith("segment")
        if self.segments == 1:
            raise RenderError("by chance")
        return self.renderer.run(invocation, into, on_frames)

    def run_together(self, invocation: Invocation, into: Any) -> None:
        self.renderer.run_together(invocation, into)


def test_what_failed_before_the_plan_is_made_once_more_and_not_twice(
    server: Server, tmp_path: Path
) -> None:
    scenes = [moving(server, tmp_path), still(server.url("/slow.png"), 1, **{"fade-in": 1})]
    with studio(tmp_path / "data", server) as lab:
        flaky = FailsOnce(lab.ports.renderer)
        lab.ports = replace(lab.ports, renderer=flaky)
        begun_s: list[float] = []

        def later() -> bool:
            if flaky.segments:
                begun_s.append(time.monotonic())
            return bool(begun_s) and time.monotonic() > begun_s[0] + 0.5

        when(server, "/slow.png", later, picture("blue"))
        lab.render(movie(*scenes))
        assert flaky.segments == 3, "one that failed, and both scenes"


def test_a_forced_scene_is_made_once(server: Server, tmp_path: Path) -> None:
    scenes = [moving(server, tmp_path, cache=False), still(server.url("/slow.png"), 1)]
    give(server, "/slow.png", picture("blue"))
    with studio(tmp_path / "data", server) as lab:
        lab.render(movie(*scenes))
        lab.runs()
        report = lab.render(movie(*scenes, comment="again") | {"quality": "low"}).report
        assert [scene.result for scene in report.scenes] == ["bypass", "hit"]
        assert lab.runs() <= 4, "the scene and its sound, that of the movie, and a poster"


def test_a_movie_of_which_all_else_is_there_is_not_looked_through(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = list[int]()
    monkeypatch.setattr(ahead, "excerpt", lambda *given: looked.append(given[1]) or excerpt(*given))
    give(server, "/red.png", picture("red"))
    scenes = [still(server.url("/red.png"), 1, x=n) for n in range(30)]
    with studio(tmp_path / "data", server) as lab:
        lab.render(movie(*scenes))
        assert 0 < len(looked) <= 3 * ahead.MOST_IN_VAIN, "and what is beside each"


def test_nothing_is_rendered_ahead_that_the_plan_does_not_need(
    server: Server, tmp_path: Path
) -> None:
    """Of lengths that are no whole number of frames, the place in the movie decides."""
    source = give(server, "/red.png", picture("red"))
    scenes = [still(source, 0.513 + n / 1000, zoom=2 + n) for n in range(8)]
    with studio(tmp_path / "data", server) as lab:
        lab.render(movie(*scenes))
        for order in (scenes[::-1], [*scenes[3:], *scenes[:3]]):
            lab.runs()
            report = lab.render(movie(*order)).report
            missing = sum(scene.segments["miss"] for scene in report.scenes)
            assert lab.runs() <= missing + 1, "what is missing, and a poster"
