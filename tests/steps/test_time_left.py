"""A step that has no time left, or no room, ends by itself, says what it was at, and is not tried
again.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import imageio_ffmpeg
import pytest
from browser_pages import UNWALLED
from far_apart import FarApart, emptied
from PIL import Image
from resplice.adapters.chromium.browser import Chromium
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.installed import find_chromium
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.ffmpeg.probe import FfmpegProber
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.ffmpeg.renderer import FfmpegRenderer
from resplice.adapters.lambda_.time_left import RESERVE_SECONDS, TimeLeft
from resplice.adapters.web.fetch import SafeHttp
from resplice.adapters.web.limits import HttpLimits
from resplice.core.addresses import AllowedSource
from resplice.ports import Ports
from resplice.steps.deadline import STEP_LATE, TOO_LARGE, Deadline
from resplice.steps.messages import STORE_FULL
from small_disk import MB, small_disk
from studio import give, movie, picture, still, studio
from web_server import Handler, Server, serving

LAYERS = Path(__file__).parents[2] / "layers"
LARGE_BYTES = 9 * MB


def noise() -> bytes:
    """Hard to encode."""
    out = io.BytesIO()
    Image.effect_noise((640, 360), 90).save(out, "PNG")
    return out.getvalue()


def late(seconds: float) -> str:
    return STEP_LATE.format(seconds=seconds)


@dataclass
class Desk:
    """left: what a function asks how long it may go on; calls that a step made begin it anew."""

    ports: Ports
    server: Server
    folder: Path
    left: TimeLeft
    asked: list[str] = field(default_factory=list)

    def far(self, seconds: float, **ports: Any) -> FarApart:
        remaining_ms = 1000 * (seconds + RESERVE_SECONDS)
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: int(remaining_ms))

        def ends(own: Ports) -> Deadline:
            return Deadline.of_step(1000 * self.left.begin(context), own)

        self.asked.clear()
        own = replace(emptied(self.ports, self.folder / str(time.time_ns())), **ports)
        return FarApart(own, ends=ends)

    def words(self, document: dict[str, Any], seconds: float, **ports: Any) -> str:
        """Of a movie that fails, each of whose steps may take so long, and takes no longer."""
        far, began_s = self.far(seconds, **ports), time.monotonic()
        told = far.made(document)
        assert told["status"] == "error"
        assert time.monotonic() - began_s < seconds + RESERVE_SECONDS
        return str(told["message"])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder, left, over = tmp_path_factory.mktemp("late"), TimeLeft(), threading.Event()
    with serving() as server, studio(folder / "data") as lab:
        desk = Desk(lab.ports, server, folder, left)

        def trickle(to: Handler) -> None:
            desk.asked.append(to.path)
            to.send_response(200)
            to.end_headers()
            while not over.wait(0.05):
                to.wfile.write(b"x")

        def large(to: Handler) -> None:
            desk.asked.append(to.path)
            to.give(200, bytes(LARGE_BYTES))

        give(server, "/red.png", picture("red"))
        give(server, "/noise.png", noise())
        server.answers |= {"/slow": trickle, "/large": large}
        # A small disk is seen through another process, which walls do not allow.
        ffmpeg = Ffmpeg(Path(imageio_ffmpeg.get_ffmpeg_exe()), left_s=left, launcher=UNWALLED)
        browser = Chromium(find_chromium, BundledFonts(LAYERS / "fonts"), left_s=left)
        allowed = frozenset({AllowedSource.parse(f"127.0.0.1:{server.server_port}")})
        desk.ports = replace(
            lab.ports,
            web=SafeHttp(allowed, HttpLimits(tries=1), left_s=left),
            browser=browser,
            prober=FfmpegProber(ffmpeg),
            renderer=FfmpegRenderer(ffmpeg),
            own_disk=True,
        )
        yield desk
        over.set()
        browser.close()


def test_a_scene_that_renders_too_long_ends_with_its_number(desk: Desk) -> None:
    scene = still(desk.server.url("/noise.png"), 10.0)
    scene["elements"][0]["zoom"] = 5
    document = {**movie(still(desk.server.url("/red.png"), 0.1), scene), "resolution": "full-hd"}
    assert desk.words({**document, "quality": "very_high"}, 1.5) == f"Scene #2: {late(1.5)}"


def test_a_source_that_trickles_ends_with_its_element(desk: Desk) -> None:
    image = {"type": "image", "src": desk.server.url("/slow")}
    document = movie({"duration": 0.1, "elements": [{**image, "src": desk.server.url("/red.png")}]})
    document["scenes"][0]["elements"].append(image)
    assert desk.words(document, 2) == f"Scene #1, element #2: {late(2)}"
    assert desk.asked == ["/slow"]


def test_a_text_that_the_browser_has_no_time_for_ends_with_its_element(desk: Desk) -> None:
    text = {"type": "text", "text": "in no time", "style": "003"}
    said = desk.words(movie({"duration": 3, "elements": [text]}), 0.03)
    assert said.endswith(late(0.03)) and ("element #1" in said or said.startswith("Prep"))


def test_what_does_not_end_by_itself_is_not_waited_for(desk: Desk) -> None:
    over = threading.Event()

    class Hanging:
        """A program that never answers."""

        def probe(self, path: Path, url: str) -> Any:
            over.wait(60)
            raise RuntimeError("nobody waits for this")

    image = {"type": "image", "src": desk.server.url("/red.png")}
    said = desk.words(movie({"duration": 0.1, "elements": [image]}), 1, prober=Hanging())
    over.set()
    assert said == f"Scene #1, element #1: {late(1)}"


@pytest.mark.parametrize("own_disk", [True, False])
def test_what_does_not_fit_the_disk_says_so_and_is_not_tried_again(
    desk: Desk, tmp_path: Path, *, own_disk: bool
) -> None:
    words = TOO_LARGE if own_disk else STORE_FULL
    with small_disk(tmp_path / "tmp", 1 * MB) as disk:
        small: dict[str, Any] = {"scratch": ScratchFolder(disk.seen), "own_disk": own_disk}
        source = movie({"duration": 0.1, "elements": [{"type": "image", "src": ""}]})
        source["scenes"][0]["elements"][0]["src"] = desk.server.url("/large")
        assert desk.words(source, 60, **small) == f"Scene #1, element #1: {words}"
        assert desk.asked == ["/large"]
        loud = {**still(desk.server.url("/noise.png"), 2.0)}
        loud["elements"][0]["zoom"] = 5
        document = {**movie(loud), "resolution": "full-hd", "quality": "very_high"}
        assert desk.words(document, 60, **small) == f"Scene #1: {words}"
        assert [path for path in disk.seen.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("free_bytes", [0, MB // 5, 3 * MB])
def test_a_browser_that_has_no_room_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_bytes: int
) -> None:
    """Not always in its own words: with some room it starts, and ends at the page."""
    text = {"type": "text", "text": f"{free_bytes} bytes are free", "style": "001"}
    browser = Chromium(find_chromium, BundledFonts(LAYERS / "fonts"), left_s=desk.left)
    with small_disk(tmp_path / "tmp", 8 * MB) as disk:
        disk.fill(but_bytes=free_bytes)
        monkeypatch.setattr("tempfile.tempdir", str(disk.seen))
        scratch = ScratchFolder(tmp_path / "scratch")
        document = movie({"duration": 0.2, "elements": [text]})
        said = desk.words(document, 60, browser=browser, scratch=scratch)
        browser.close()
    assert said.startswith("Scene #1, element #1: ") and said.endswith(TOO_LARGE)
