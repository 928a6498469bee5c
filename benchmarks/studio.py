"""The studio: how soon its page shows something in a browser that never saw it, and its weight."""

from __future__ import annotations

import json
import statistics
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from resplice.adapters.chromium.devtools import BrowserProcess, Tab
from resplice.adapters.chromium.installed import find_chromium
from resplice.adapters.confined.launching import Launcher, Walls

from benchmarks.rendering import Bench
from benchmarks.serving import served

VISITS = 5
SECONDS = 60.0
REACHING = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--proxy-bypass-list=127.0.0.1",
)
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
WRITABLE = "document.querySelector('.cm-content') ? performance.now() : 0"
WEIGHT = """JSON.stringify(['navigation', 'resource'].flatMap(kind =>
    performance.getEntriesByType(kind).map(each => [each.name, each.encodedBodySize])))"""


def first_paint(bench: Bench) -> None:
    """Each visit with nothing in the browser's cache, on a server that has answered before."""
    painted_ms, writable_ms, weights = [], [], []
    with served(bench, "studio") as server, _browser() as browser:
        url = f"http://127.0.0.1:{server.port}/studio"
        urllib.request.urlopen(url).close()
        for _ in range(VISITS):
            tab = _visiting(browser, url)
            painted_ms.append(_seen(tab, PAINTED))
            writable_ms.append(_seen(tab, WRITABLE))
            weights.append(_weight(tab, url))
            tab.call("Page.close", time.monotonic() + SECONDS)
    first, editor = statistics.median(painted_ms), statistics.median(writable_ms)
    told = f"{first:.0f} ms, its editor {editor:.0f} ms; {max(weights) / 1000:.0f} KB compressed"
    bench.tell("the studio, from nothing to its first contentful paint", told)


@contextmanager
def _browser() -> Iterator[BrowserProcess]:
    # A visitor's browser calls our server, which ours may not.
    unwalled = Launcher(held=lambda walls: Walls(0, False, walls.machine))
    browser = BrowserProcess(find_chromium(), REACHING, launcher=unwalled, paced=True)
    try:
        yield browser
    finally:
        browser.stop()


def _visiting(browser: BrowserProcess, url: str) -> Tab:
    tab = browser.new_tab(time.monotonic() + SECONDS)
    for domain in ("Page", "Network"):
        tab.call(f"{domain}.enable", time.monotonic() + SECONDS)
    tab.call("Network.clearBrowserCache", time.monotonic() + SECONDS)
    tab.call("Page.navigate", time.monotonic() + SECONDS, url=url)
    return tab


def _seen(tab: Tab, expression: str) -> float:
    """What it is once it is more than nothing."""
    until_s = time.monotonic() + SECONDS
    while not (found := _value(tab, expression)):
        if time.monotonic() > until_s:
            raise SystemExit(f"never seen: {expression}")
        time.sleep(0.01)
    return float(found)


def _weight(tab: Tab, url: str) -> int:
    """Bytes of the page, its script and its style, as they were sent."""
    sent = json.loads(_value(tab, WEIGHT))
    return sum(size for name, size in sent if name == url or Path(name).suffix in (".js", ".css"))


def _value(tab: Tab, expression: str) -> Any:
    said = tab.call("Runtime.evaluate", time.monotonic() + SECONDS, expression=expression)
    return said["result"].get("value")
