"""`resplice watch`: how long after a save its film is on the screen, in the browser's own words."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from resplice.adapters.chromium.devtools import BrowserProcess
from resplice.adapters.chromium.installed import find_chromium

from benchmarks import movies
from benchmarks.rendering import Bench

EDITS = 7
SECONDS = 300.0
WORKING = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--proxy-bypass-list=127.0.0.1",
)
SEEN = "film.readyState >= 2 && !film.seeking && !wanted ? film.currentSrc : ''"
"""The URL of the film of which a frame is decoded, at the place where the one before it was."""


def edits(bench: Bench) -> None:
    """One text of a scene in the middle of 12 is edited again and again, with the page open there:
    from the save to the frame.
    """
    document = bench.media / f"{bench.work.name}-watched.json"
    _save(document, "")
    took_s = []
    with _watching(bench, document) as seen:
        before = _other(seen, "")
        for edit in range(EDITS):
            began_s = time.monotonic()
            _save(document, f", edition {edit}")
            before = _other(seen, before)
            took_s.append(time.monotonic() - began_s)
    document.unlink()
    least_s, most_s = min(took_s), max(took_s)
    found = f"{statistics.median(took_s):.2f} s ({least_s:.2f} to {most_s:.2f}, {EDITS} edits)"
    bench.tell("one text of 12 scenes edited under `watch`, from the save to the screen", found)


def _save(document: Path, more: str) -> None:
    """As editors do it: a new file in the place of the old one."""
    movie = movies.scenes(12)
    movie["scenes"][5]["elements"][1]["text"] += more
    beside = document.with_suffix(".new")
    beside.write_text(json.dumps(movie))
    beside.replace(document)


@contextmanager
def _watching(bench: Bench, document: Path) -> Iterator[Callable[[], Any]]:
    """Gives what film the page shows now, in the fifth scene."""
    command = [str(Path(sys.executable).with_name("resplice")), "watch", str(document), "--no-open"]
    with subprocess.Popen(
        [*command, "--data", str(bench.work / "watch")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout
        url, until_s = process.stdout.readline().split()[-1], time.monotonic() + SECONDS
        browser = BrowserProcess(find_chromium(), WORKING)
        try:
            tab = browser.new_tab(until_s)
            tab.call("Page.enable", until_s)
            tab.call("Page.navigate", until_s, url=url)

            def seen() -> Any:
                said = tab.call("Runtime.evaluate", until_s, expression=SEEN, returnByValue=True)
                return said["result"].get("value", "")

            _other(seen, "")
            tab.call("Runtime.evaluate", until_s, expression="film.currentTime = 26")
            yield seen
        finally:
            browser.stop()
            process.send_signal(signal.SIGINT)


def _other(seen: Callable[[], Any], film: str) -> str:
    """The film that is seen as soon as it is another one."""
    while not isinstance(found := seen(), str) or found in ("", film):
        time.sleep(0.01)
    return found
