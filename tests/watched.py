"""`resplice watch` in a process of its own, and its page in the pinned Chromium, for tests."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from browser_pages import UNWALLED
from resplice.adapters.chromium.devtools import BrowserProcess, Tab
from resplice.adapters.chromium.installed import find_chromium

SECONDS = 60.0
FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--proxy-bypass-list=127.0.0.1",
    "--autoplay-policy=no-user-gesture-required",
)
"""This machine is all that the page could reach; nobody is there to click."""
INTERRUPTIBLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from resplice.cli.main import main; raise SystemExit(main())"
)
"""The command line, also where the tests run in the background and interrupts are ignored."""


@dataclass
class Watched:
    """The process, where its page is, and its folder, in which `movie.json` is watched."""

    process: subprocess.Popen[str]
    url: str
    folder: Path

    def told(self) -> dict[str, Any]:
        """What the page shows now."""
        place = urlsplit(self.url)
        with closing(HTTPConnection(str(place.hostname), place.port, timeout=SECONDS)) as asked:
            asked.request("GET", "/changes")
            line = asked.getresponse().readline()
        return dict(json.loads(line.removeprefix(b"data: ")))

    def until(self, holds: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """What the page shows as soon as that holds."""
        until_s = time.monotonic() + SECONDS
        while not holds(told := self.told()):
            assert time.monotonic() < until_s and self.process.poll() is None, told
            time.sleep(0.05)
        return told

    def after(self, film: str | None) -> dict[str, Any]:
        """What it shows once there is another film than that."""
        return self.until(lambda told: told["film"] != film)

    def interrupted(self) -> tuple[int, str, str]:
        """(exit code, stdout after its first line, stderr) of Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=10)
        return self.process.returncode, out, err


@contextmanager
def watched(folder: Path, *words: str) -> Iterator[Watched]:
    command = [sys.executable, "-c", INTERRUPTIBLE, "watch", "movie.json", "--data", "data"]
    with subprocess.Popen(
        [*command, "--no-open", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            assert process.stdout
            greeting = process.stdout.readline()
            assert greeting.startswith("Watching movie.json: http://127.0.0.1:"), greeting
            yield Watched(process, greeting.split()[-1], folder)
        finally:
            process.kill()


@contextmanager
def opened(url: str) -> Iterator[Callable[[str], Any]]:
    """A page in the browser: gives what an expression of JavaScript, awaited, is there."""
    process = BrowserProcess(find_chromium(), FLAGS, launcher=UNWALLED, paced=True)
    try:
        tab = process.new_tab(time.monotonic() + SECONDS)
        tab.call("Page.enable", time.monotonic() + SECONDS)
        tab.call("Page.navigate", time.monotonic() + SECONDS, url=url)
        until_s = time.monotonic() + SECONDS
        while not _evaluated(
            tab, f"document.URL === '{url}' && document.readyState === 'complete'"
        ):
            assert time.monotonic() < until_s
        yield lambda expression: _evaluated(tab, expression)
    finally:
        process.stop()


def _evaluated(tab: Tab, expression: str) -> Any:
    said = tab.call(
        *("Runtime.evaluate", time.monotonic() + SECONDS),
        **{"expression": expression, "awaitPromise": True, "returnByValue": True},
    )
    assert "exceptionDetails" not in said, said
    return said["result"].get("value")
