"""The Browser port on headless Chromium: pages in, cropped PNGs out. Nothing is loaded but fonts.

One browser process, started when first needed, serves all threads with a few tabs.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.devtools import (
    PAUSES_S,
    BrowserGone,
    BrowserProcess,
    BrowserStopped,
    ChromiumFiles,
)
from resplice.adapters.chromium.page_painter import PAINTER_VERSION, PagePainter
from resplice.adapters.chromium.room import why
from resplice.adapters.chromium.web_pages import WebPages
from resplice.adapters.time_left import TimeLeft, endless
from resplice.errors import BrowserBroken, PaintError
from resplice.ports.browser import Animated, Load, Painted, PaintPage, WebPage

LAYER = Path(__file__).resolve().parents[5] / "chromium"
TAILWIND = Path("node_modules/@tailwindcss/browser/dist/index.global.js")
TABS = 2
PAINT_SECONDS = 30.0
EMPTY = PaintPage(1, 1, "<!doctype html>")
NO_BROWSER = "no browser"
TOO_SLOW = "that takes too long; give it fewer words, shadows or filters"

_SYSTEM_NAMES = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome")
_SYSTEM_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium(named: str | None = None, layer: Path = LAYER) -> ChromiumFiles:
    """The browser to use: the one named, else the layer's, else one that the system has.

    Raises BrowserBroken when there is none.
    """
    stamp = layer / "browser" / "VERSION"
    if not named and stamp.exists() and (sys.platform, platform.machine()) == ("linux", "x86_64"):
        bundled = stamp.parent
        return ChromiumFiles(bundled / "chromium", stamp.read_text().strip(), bundled)
    for name in [named] if named else [*_SYSTEM_NAMES, *_SYSTEM_PLACES]:
        if found := shutil.which(name):
            return ChromiumFiles(Path(found), _said_version(found))
    raise BrowserBroken(
        f"The browser {named} cannot be run"
        if named
        else "No browser to paint texts with: unpack the bundled one, or install Chrome or Chromium"
    )


def _said_version(executable: str) -> str:
    try:
        run = subprocess.run([executable, "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrowserBroken(f"The browser {executable} cannot be run") from error
    return run.stdout.strip()


class Chromium:
    """Browser. Safe to call from many threads; the process starts with the first paint."""

    def __init__(
        self,
        find: Callable[[], ChromiumFiles],
        fonts: BundledFonts,
        paint_seconds: float = PAINT_SECONDS,
        tailwind: Path = LAYER / TAILWIND,
        left_s: TimeLeft = endless,
    ) -> None:
        """find: tells the browser, or raises PaintError; then only paints fail, with that.
        left_s: no paint takes longer than that.

        tailwind: the script that makes the styles of pages which are written for it.
        """
        self._find, self._fonts, self._paint_seconds = find, fonts, paint_seconds
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(TABS)
        self._process: BrowserProcess | None = None
        self._idle: list[PagePainter] = []
        self._left_s = left_s
        self._web_pages = WebPages(lambda: self._found[0], fonts, tailwind, paint_seconds, left_s)
        _in_use.add(self)

    def build(self) -> str:
        try:
            return self._found[1]
        except PaintError:
            return NO_BROWSER

    def paint(self, page: PaintPage) -> Painted:
        """Raises PaintError."""
        painted = self._tried(page, None)
        assert isinstance(painted, Painted)
        return painted

    def animate(self, page: PaintPage, fps: int) -> Animated | Painted:
        """Raises PaintError."""
        return self._tried(page, fps)

    def _tried(self, page: PaintPage, fps: int | None) -> Animated | Painted:
        pauses_s = iter(PAUSES_S)
        with self._slots:
            while True:
                try:
                    return self._paint(page, fps)
                except BrowserStopped:
                    continue  # Another page was the reason; it got its error.
                except BrowserGone as error:
                    pause_s = next(pauses_s, None)
                    if pause_s is None or pause_s >= self._left_s():
                        kind = PaintError if self._works() else BrowserBroken
                        message = f"The browser that paints texts ended: {error}"
                        raise kind(message) from why(error)
                    time.sleep(pause_s)

    def _works(self) -> bool:
        """Whether it paints an empty page: then another page is the reason that it ended."""
        try:
            self._paint(EMPTY, None)
        except BrowserGone:
            return False
        except PaintError:
            pass  # There was no time to tell.
        return True

    def paint_web_page(self, page: WebPage, load: Load) -> Animated | Painted:
        """Raises PaintError."""
        with self._slots:
            return self._web_pages.paint(page, load)

    def close(self) -> None:
        self._web_pages.close()
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """In a forked child: the process is the parent's."""
        self._lock, self._slots = threading.Lock(), threading.BoundedSemaphore(TABS)
        self._web_pages.forget()
        process, self._process, self._idle = self._process, None, []
        if process:
            process.disown()

    @cached_property
    def _found(self) -> tuple[ChromiumFiles, str]:
        """The browser, and the digest of all that decides its pixels. Raises PaintError."""
        files = self._find()
        parts = (str(PAINTER_VERSION), files.version, self._fonts.digest())
        return files, hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _paint(self, page: PaintPage, fps: int | None) -> Animated | Painted:
        left_s = self._left_s()
        deadline, latest = (
            time.monotonic() + min(self._paint_seconds, left_s),
            time.monotonic() + left_s,
        )
        process, painter = self._taken()
        try:
            painter = painter or PagePainter(process, self._fonts, deadline)
            painted = painter.paint(page, deadline, fps, latest)
        except BaseException as error:
            if not (painter and painter.close()):
                self._stop_if(process)
            if isinstance(error, TimeoutError):
                raise PaintError(f"The browser could not paint it: {TOO_SLOW}") from error
            if isinstance(error, ValueError):
                raise PaintError(f"The browser could not paint it: {error}") from error
            raise
        with self._lock:
            if process is self._process:
                self._idle.append(painter)
        return painted

    def _taken(self) -> tuple[BrowserProcess, PagePainter | None]:
        """The running browser, and a tab of it that is free."""
        with self._lock:
            if self._process is None:
                self._process = BrowserProcess(self._found[0])
            return self._process, self._idle.pop() if self._idle else None

    def _stop_if(self, process: BrowserProcess) -> None:
        """Stop that browser, unless another thread already did."""
        with self._lock:
            if self._process is process:
                self._stop()

    def _stop(self) -> None:
        process, self._process, self._idle = self._process, None, []
        if process:
            process.stop()


_in_use: weakref.WeakSet[Chromium] = weakref.WeakSet()


def _close_all() -> None:
    for browser in list(_in_use):
        browser.close()


def _forget_all() -> None:
    for browser in list(_in_use):
        browser.forget()


atexit.register(_close_all)
os.register_at_fork(after_in_child=_forget_all)
