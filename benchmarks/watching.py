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
from functools import partial
from pathlib import Path
from typing import Any

from resplice.adapters.chromium.devtools import BrowserProcess
from resplice.adapters.chromium.installed import find_chromium

from benchmarks import movies
from benchmarks.rendering import Bench

EDITS = 5
SECONDS = 60.0
"""For an answer of the browser."""
FILM_SECONDS = 600.0
REACHING = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--proxy-bypass-list=127.0.0.1",
)
SEEN = "film.readyState >= 2 && !film.seeking && !wanted ? film.currentSrc : ''"
"""The URL of the film of which a frame is decoded, at the place where the one before it was."""


def edits(bench: Bench) -> None:
    """One text of a scene in the middle of 12 is edited again and again, with the page open there:
    from the save to the frame; in turns with an edit that is rendered by a command.
    """
    document, took_s, ratios = bench.media / f"{bench.work.name}-watched.json", [], []
    _save(document, _edited(""))
    with _watching(bench, document) as seen:
        before = _other(seen, "")
        for edit in range(EDITS):
            began_s = time.monotonic()
            _save(document, _edited(f", edition {edit}"))
            before = _other(seen, before)
            took_s.append(time.monotonic() - began_s)
            rendered = bench.render(_edited(f", print {edit}"), "watch")
            ratios.append(took_s[-1] / rendered.wall_s)
    document.unlink()
    beside = f"{statistics.median(ratios):.2f} x `resplice render` of such an edit"
    bench.tell(
        "one text of 12 scenes edited under `resplice watch`, from the save to the screen",
        f"{statistics.median(took_s):.2f} s, {beside}",
    )


def _edited(more: str) -> movies.Document:
    movie = movies.scenes(12)
    movie["scenes"][5]["elements"][1]["text"] += more
    return movie


def _save(document: Path, movie: movies.Document) -> None:
    """As editors do it: a new file in the place of the old one."""
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
        url = process.stdout.readline().split()[-1]
        browser = BrowserProcess(find_chromium(), REACHING, paced=True)
        try:
            tab = browser.new_tab(time.monotonic() + SECONDS)
            tab.call("Page.enable", time.monotonic() + SECONDS)
            tab.call("Page.navigate", time.monotonic() + SECONDS, url=url)

            def here(expression: str) -> Any:
                until_s = time.monotonic() + SECONDS
                said = tab.call("Runtime.evaluate", until_s, expression=expression)
                return said["result"].get("value")

            _other(partial(here, SEEN), "")
            here("film.currentTime = 26")
            yield partial(here, SEEN)
        finally:
            browser.stop()
            process.send_signal(signal.SIGINT)


def _other(seen: Callable[[], Any], film: str) -> str:
    """The film that is seen as soon as it is another one."""
    until_s = time.monotonic() + FILM_SECONDS
    while not isinstance(found := seen(), str) or found in ("", film):
        if time.monotonic() > until_s:
            raise SystemExit("no other film was seen")
        time.sleep(0.01)
    return found
