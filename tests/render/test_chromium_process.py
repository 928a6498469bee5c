"""The life of the browser process: shared, replaced when it fails, never left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import web_pages
from resplice.adapters.chromium.browser import Chromium
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.devtools import PAUSES_S, BrowserGone, BrowserProcess, Tab
from resplice.adapters.chromium.installed import ChromiumFiles, find_chromium
from resplice.adapters.chromium.page_painter import PagePainter
from resplice.adapters.confined.launching import LAUNCHER_OF_ALL, Confined, Start
from resplice.adapters.confined.programs import BROWSER
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.errors import BrowserBroken, PaintError
from resplice.ports.browser import PaintPage

FONTS_LAYER = Path(__file__).resolve().parents[2] / "layers" / "fonts"
FONTS = BundledFonts(FONTS_LAYER)
FRAMES_MS = """new Promise(done => {
    document.body.innerHTML = `<p style="width: 9px; background: red; animation: move 1s infinite">x
        <style>@keyframes move { to { margin-left: 300px } }</style>`;
    const seen = [];
    const next = ms => (seen.push(ms), seen.length < 60 ? requestAnimationFrame(next) : done(seen));
    requestAnimationFrame(next);
})"""
"""When each of sixty frames of a page that moves is drawn."""


def page(text: str) -> PaintPage:
    return PaintPage(400, 200, f"<!doctype html><p style='font:40px Inter'>{text}")


def processes() -> dict[int, tuple[int, str]]:
    """pid -> (parent's pid, command line)"""
    listed = subprocess.run(["ps", "-axwwo", "pid=,ppid=,args="], capture_output=True, text=True)
    rows = (line.split(None, 2) for line in listed.stdout.splitlines())
    return {int(row[0]): (int(row[1]), row[2]) for row in rows if len(row) == 3}


def browsers(ancestor: int) -> list[int]:
    """Browser processes, not their helpers, that descend from that process."""
    running = processes()
    return [
        pid
        for pid, (guard, command) in running.items()
        if "/resplice-held-chromium-" in command
        and "--type=" not in command
        and " -- " not in command
        and running.get(guard, (0,))[0] == ancestor
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the browser profiles of this test lie."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def alive(folder: Path) -> list[str]:
    """Processes that work in the folder, once those that are about to end had time to."""
    end = time.monotonic() + 5
    while True:
        found = [command for _, command in processes().values() if str(folder) in command]
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.05)


def new_browsers(before: list[int]) -> list[int]:
    return [pid for pid in browsers(os.getpid()) if pid not in before]


def test_eight_threads_share_one_browser(folder: Path) -> None:
    before = browsers(os.getpid())
    browser = Chromium(find_chromium, FONTS)
    with ThreadPoolExecutor(8) as threads:
        painted = list(threads.map(browser.paint, [page(f"Number {n}") for n in range(32)]))
    assert len({one.png for one in painted}) == 32
    assert painted[7] == browser.paint(page("Number 7"))
    assert len(new_browsers(before)) == 1
    browser.close()


def test_close_leaves_no_process_and_no_folder(folder: Path) -> None:
    chromium = Chromium(find_chromium, FONTS)
    chromium.close()
    chromium.paint(page("once"))
    assert list(folder.iterdir())
    chromium.close()
    chromium.close()
    assert not list(folder.iterdir())
    assert not alive(folder)
    assert chromium.paint(page("again")).width > 1
    chromium.close()


def is_emptied(folder: Path) -> bool:
    """Whether a browser's profile goes soon after it."""
    for _ in range(200):
        if not any(folder.iterdir()):
            return True
        time.sleep(0.02)
    return False


def test_it_ends_when_there_is_nothing_to_paint_and_starts_again(folder: Path) -> None:
    with closing(Chromium(find_chromium, FONTS, idle_s=0.3)) as chromium:
        first = chromium.paint(page("rest"))
        assert not alive(folder)
        assert is_emptied(folder)
        assert chromium.paint(page("rest")) == first


def test_who_tidies_up_leaves_a_running_browser_alone(folder: Path) -> None:
    before = browsers(os.getpid())
    with closing(Chromium(find_chromium, FONTS)) as chromium:
        first = chromium.paint(page("once"))
        running, left = new_browsers(before), folder / "resplice-held-chromium-left"
        left.mkdir()
        ScratchFolder(folder)
        assert not left.exists()
        assert chromium.paint(page("once")) == first and new_browsers(before) == running
        assert list(folder.iterdir())
    assert not list(folder.iterdir())


def test_a_killed_browser_is_replaced(folder: Path) -> None:
    before = browsers(os.getpid())
    chromium = Chromium(find_chromium, FONTS)
    first = chromium.paint(page("phoenix"))
    (victim,) = new_browsers(before)
    os.kill(victim, signal.SIGKILL)
    assert chromium.paint(page("phoenix")) == first
    assert new_browsers(before) != [victim]
    assert len(list(folder.iterdir())) == 1
    chromium.close()
    assert not alive(folder)


def test_a_crashed_page_is_painted_anew(folder: Path) -> None:
    chromium = Chromium(find_chromium, FONTS)
    first = chromium.paint(page("phoenix"))
    for pid, (_, command) in processes().items():
        if "--type=renderer" in command and str(folder) in command:
            os.kill(pid, signal.SIGKILL)
    assert chromium.paint(page("phoenix")) == first
    chromium.close()


def test_a_hanging_browser_is_an_error_and_then_replaced(folder: Path) -> None:
    before = browsers(os.getpid())
    chromium = Chromium(find_chromium, FONTS, paint_seconds=2)
    first = chromium.paint(page("sleeper"))
    os.kill(new_browsers(before)[0], signal.SIGSTOP)
    with pytest.raises(PaintError):
        chromium.paint(page("sleeper"))
    assert chromium.paint(page("sleeper")) == first
    chromium.close()
    assert not list(folder.iterdir())


def slow_page(words: int) -> PaintPage:
    return PaintPage(400, 200, "<!doctype html><p style='font:20px Inter'>" + "word " * words)


def test_a_page_that_takes_too_long_costs_only_its_tab(folder: Path) -> None:
    before = browsers(os.getpid())
    chromium = Chromium(find_chromium, FONTS, paint_seconds=4)
    first = chromium.paint(page("neighbour"))
    running = new_browsers(before)
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(chromium.paint, slow_page(4_000_000))
        while not slow.done():
            assert chromium.paint(page("neighbour")) == first
    assert isinstance(slow.exception(), PaintError)
    assert chromium.paint(page("neighbour")) == first
    assert new_browsers(before) == running
    chromium.close()


def test_stops_for_the_sake_of_others_are_no_attempts(folder: Path) -> None:
    chromium = Chromium(find_chromium, FONTS)
    chromium.paint(page("warm"))
    with ThreadPoolExecutor(1) as threads:
        painting = threads.submit(chromium.paint, slow_page(400_000))
        for _ in range(len(PAUSES_S) + 2):
            time.sleep(0.15)
            assert not painting.done()
            chromium.close()
        assert painting.result().width > 1
    chromium.close()


def test_the_browser_listens_nowhere(folder: Path) -> None:
    before = browsers(os.getpid())
    chromium = Chromium(find_chromium, FONTS)
    chromium.paint(page("private"))
    (pid,) = new_browsers(before)
    assert "--remote-debugging-port" not in processes()[pid][1]
    assert not list(folder.rglob("DevToolsActivePort"))
    chromium.close()


def test_a_browser_with_a_folder_that_xml_would_misread(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = find_chromium()
    assert found.layer
    odd = tmp_path_factory.mktemp("odd") / "a&b <c>"
    odd.symlink_to(found.layer, target_is_directory=True)
    plain, moved = (
        Chromium(lambda layer=layer: replace(found, layer=layer), FONTS)  # type: ignore[misc]
        for layer in (found.layer, odd)
    )
    unbundled = PaintPage(400, 200, "<!doctype html><p style='font:40px serif'>last resort")
    assert moved.paint(unbundled) == plain.paint(unbundled)
    configs = [ElementTree.parse(path) for path in folder.glob("*/fonts.conf")]
    assert {config.findtext("dir") for config in configs} == {
        str(layer / "fonts") for layer in (found.layer, odd)
    }
    for chromium in (plain, moved):
        chromium.close()


def test_nothing_outlives_a_killed_parent(tmp_path: Path) -> None:
    code = f"""
import time
from pathlib import Path
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.browser import Chromium
from resplice.adapters.chromium.installed import find_chromium
from resplice.ports.browser import PaintPage
chromium = Chromium(find_chromium, BundledFonts(Path({str(FONTS_LAYER)!r})))
chromium.paint(PaintPage(99, 99, "<p>x"))
print("painted", flush=True)
time.sleep(60)
"""
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "TMPDIR": str(profiles)},
        stdout=subprocess.PIPE,
    )
    assert parent.stdout and parent.stdout.readline() == b"painted\n"
    assert list(profiles.iterdir())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert not alive(profiles)
    assert is_emptied(profiles)


def test_a_forked_child_does_not_keep_the_browser(folder: Path) -> None:
    chromium = Chromium(find_chromium, FONTS)
    chromium.paint(page("parent"))
    child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(30,))
    child.start()
    began = time.monotonic()
    chromium.close()
    assert time.monotonic() - began < 10
    assert not list(folder.iterdir())
    child.terminate()
    child.join()


def test_without_a_browser_only_paints_fail(tmp_path: Path) -> None:
    chromium = Chromium(lambda: find_chromium("/nowhere/chrome", tmp_path), FONTS)
    assert chromium.build() == Chromium(lambda: find_chromium("/no/other"), FONTS).build()
    with pytest.raises(PaintError, match="/nowhere/chrome"):
        chromium.paint(page("x"))
    chromium.close()


@pytest.mark.parametrize("executable", ["/bin/false", "/nowhere/chrome"])
def test_a_browser_that_does_not_start(folder: Path, executable: str) -> None:
    broken = ChromiumFiles(Path(executable), "none")
    with pytest.raises(BrowserBroken, match="did not start"):
        Chromium(lambda: broken, FONTS).paint(page("x"))
    with pytest.raises(BrowserBroken, match="did not start"):
        Chromium(lambda: broken, FONTS).paint_web_page(web_pages.page("x"), web_pages.Shelf())
    assert not list(folder.iterdir())


def test_a_browser_that_fails_for_a_moment_is_started_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, starts = LAUNCHER_OF_ALL.start, list[Start]()

    def flaky(wanted: Start) -> Confined:
        if wanted.program is not BROWSER:
            return start(wanted)
        starts.append(wanted)
        fails = len(starts) <= len(PAUSES_S)
        return start(replace(wanted, argv=["/usr/bin/false"]) if fails else wanted)

    monkeypatch.setattr(LAUNCHER_OF_ALL, "start", flaky)
    for paint in (
        lambda browser: browser.paint(page("Ann")),
        lambda browser: browser.paint_web_page(web_pages.page("Ann"), web_pages.Shelf()),
    ):
        starts.clear()
        with closing(Chromium(find_chromium, FONTS)) as browser:
            assert paint(browser).width > 10
        assert len(starts) == len(PAUSES_S) + 1


@pytest.mark.parametrize("broken", [True, False])
def test_it_is_told_whether_the_page_or_the_browser_is_the_reason(
    broken: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that ends every browser, and a browser that every page ends."""
    paint = PagePainter.paint

    def ends(self: PagePainter, asked: PaintPage, *more: Any) -> Any:
        if broken or "bad" in asked.html:
            raise BrowserGone("it ended")
        return paint(self, asked, *more)

    monkeypatch.setattr(PagePainter, "paint", ends)
    with closing(Chromium(find_chromium, FONTS)) as browser:
        with pytest.raises(PaintError, match="ended") as caught:
            browser.paint(page("bad"))
        assert caught.value.ours == broken


def test_a_browser_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BrowserBroken, match="/nowhere/chrome"):
        find_chromium("/nowhere/chrome", tmp_path)


def test_a_page_of_which_there_is_no_frame_is_painted_in_another_tab(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Now and then the browser says that it is unable to capture a page that is well."""
    call, refused = Tab.call, list[str]()

    def refusing(self: Tab, method: str, deadline: float, **params: Any) -> dict[str, Any]:
        if method == "Page.captureScreenshot" and len(refused) < len(PAUSES_S):
            refused.append(method)
            raise ValueError(f"{method}: Unable to capture screenshot")
        return call(self, method, deadline, **params)

    monkeypatch.setattr(Tab, "call", refusing)
    with closing(Chromium(find_chromium, FONTS)) as browser:
        painted = browser.paint(page("Ann"))
    assert len(refused) == len(PAUSES_S)
    assert painted.width > 10


@pytest.mark.parametrize("paced", [True, False])
def test_a_page_that_moves_is_drawn_as_often_as_a_screen_shows_or_as_can_be(paced: bool) -> None:
    soon, process = time.monotonic() + 60, BrowserProcess(find_chromium(), paced=paced)
    try:
        asked = {"expression": FRAMES_MS, "awaitPromise": True, "returnByValue": True}
        said = process.new_tab(soon).call("Runtime.evaluate", soon, **asked)
    finally:
        process.stop()
    frames_ms = said["result"]["value"]
    fastest_ms = min(later - one for one, later in zip(frames_ms, frames_ms[10:], strict=False))
    assert (fastest_ms > 150) is paced, frames_ms
