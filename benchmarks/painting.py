"""Painting: stills and a title that moves, beside one screenshot of the window for each frame."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from resplice.adapters.chromium.browser import Chromium
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.devtools import BrowserProcess
from resplice.adapters.chromium.frames import FIND, PAUSE, SET
from resplice.adapters.chromium.installed import find_chromium
from resplice.adapters.chromium.page_painter import PagePainter
from resplice.adapters.chromium.pictures import Pictures
from resplice.core.text.page import text_page
from resplice.errors import SourceMissing
from resplice.ports.browser import Animated, Loaded, PaintPage, WebPage

from benchmarks.movies import Document
from benchmarks.rendering import ROUNDS, Bench, median

FONTS = Path(__file__).resolve().parents[1] / "layers/fonts"
TITLE, EDITED = "Twenty four letters jump now", "Twenty four letters jumq now"
SECONDS, FPS, SIZE = 5, 25, (1920, 1080)
STILLS, THREADS = 20, 2
PAGE = WebPage(
    *(300, 200, 1, Loaded(b"<p>Hello", "text/html; charset=utf-8", "https://page.resplice/")),
    is_whole=False,
    css="",
    tailwind=False,
    wait_ms=0,
)


def painting(bench: Bench) -> None:
    """Stills once warm and from nothing; HTML; a title of style 005 from nothing; its edit."""
    with _browser() as warm:
        warm.paint(_page("Warm", "001"))
        stills = [_timed(partial(warm.paint, _page(f"Still {n}", "001"))) for n in range(STILLS)]
        pages = [_timed(partial(warm.paint_web_page, PAGE, _nothing)) for _ in range(STILLS)]
    bench.tell("a painted still, once warm", f"{1000 * statistics.median(stills):.0f} ms")
    bench.tell("a page of HTML, its browser included", f"{1000 * statistics.median(pages):.0f} ms")
    twenty = statistics.median(_timed(_twenty) for _ in range(ROUNDS))
    bench.tell(f"{STILLS} texts from nothing, one browser", f"{twenty:.2f} s")
    naive, ours = zip(*((_timed(_screenshots), _timed(_title)) for _ in range(ROUNDS)), strict=True)
    wall = statistics.median(one / other for one, other in zip(ours, naive, strict=True))
    bench.tell(
        "a title of 24 letters that jump, 5 s, from nothing",
        f"{statistics.median(ours):.2f} s, {len(_title().apng) / 1e6:.2f} MB; "
        f"{wall:.2f} x one screenshot for each frame ({statistics.median(naive):.1f} s)",
    )
    _edits(bench)


def _edits(bench: Bench) -> None:
    first, again, edited = [], [], []
    for number in range(ROUNDS):
        data = f"title-{number}"
        first.append(bench.render(_movie(TITLE), data))
        again.append(bench.render(_movie(TITLE, at=1), data))
        edited.append(bench.render(_movie(EDITED), data))
    found = {element["result"] for run in again for element in run.report["elements"]}
    bench.tell("its movie of 3 scenes", f"{median(first):.2f} s")
    bench.tell("it begins a second later", f"{median(again):.2f} s, element {'/'.join(found)}")
    scenes = {run.rendered() for run in edited}
    bench.tell("one letter of it changed", f"{median(edited):.2f} s, {scenes} scene rendered")


def _movie(title: str, at: int = 0) -> Document:
    moving = {"type": "text", "style": "005", "text": title, "start": at}
    plain = [
        {
            "duration": SECONDS,
            "background-color": colour,
            "elements": [{"type": "text", "text": "-"}],
        }
        for colour in ("#204060", "#602040")
    ]
    scene = {"duration": SECONDS, "elements": [moving]}
    return {"resolution": "full-hd", "fps": FPS, "scenes": [plain[0], scene, plain[1]]}


@contextmanager
def _browser() -> Iterator[Chromium]:
    browser = Chromium(find_chromium, BundledFonts(FONTS))
    try:
        yield browser
    finally:
        browser.close()


def _page(text: str, style: str) -> PaintPage:
    made = text_page(text, style, {}, *SIZE, *SIZE)
    return PaintPage(made.width, made.height, made.html)


def _nothing(url: str, seconds: float) -> Loaded:
    raise SourceMissing(url, "404")


def _twenty() -> None:
    with _browser() as browser, ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(browser.paint, [_page(f"Text {n}", "001") for n in range(STILLS)]))


def _title() -> Animated:
    with _browser() as browser:
        made = browser.animate(_page(TITLE, "005"), FPS)
    assert isinstance(made, Animated)
    return made


def _screenshots() -> None:
    """The naive way: the whole window, for each frame of the time that the title is seen."""
    deadline, process = time.monotonic() + 120, BrowserProcess(find_chromium())
    try:
        pictures = Pictures()
        tab = PagePainter(process, BundledFonts(FONTS), pictures, deadline)
        tab._laid_out(_page(TITLE, "005"), deadline)
        tab._evaluate(PAUSE, deadline)
        tab._evaluate(FIND, deadline)
        with pictures.album(deadline) as tab._album:
            for frame in range(SECONDS * FPS):
                tab._evaluate(f"{SET}({1000 * frame / FPS})", deadline)
                tab._captured(deadline)
        pictures.close()
    finally:
        process.stop()


def _timed(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started
