"""The Browser port on headless Chromium: pages in, cropped PNGs out. Nothing is loaded but fonts.

One browser process, started when first needed, serves all threads with a few tabs.
"""

from __future__ import annotations

import atexit
import math
import os
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
)
from resplice.adapters.chromium.installed import LAYER, ChromiumFiles, build
from resplice.adapters.chromium.page_painter import PagePainter
from resplice.adapters.chromium.pictures import Pictures
from resplice.adapters.chromium.room import why
from resplice.adapters.chromium.web_pages import WebPages
from resplice.adapters.processes.idle import Idle
from resplice.adapters.time_left import TimeLeft, endless
from resplice.errors import BrowserBroken, PaintError
from resplice.ports.browser import Animated, Load, Painted, PaintPage, WebPage

TAILWIND = Path("node_modules/@tailwindcss/browser/dist/index.global.js")
TABS = 2
PAINT_SECONDS = 30.0
EMPTY = PaintPage(1, 1, "<!doctype html>")
TOO_SLOW = "that takes too long; give it fewer words, shadows or filters"


class Chromium:
    """Browser. Safe to call from many threads; the process starts with the first paint."""

    def __init__(
        self,
        find: Callable[[], ChromiumFiles],
        fonts: BundledFonts,
        paint_seconds: float = PAINT_SECONDS,
        tailwind: Path = LAYER / TAILWIND,
        left_s: TimeLeft = endless,
        idle_s: float = math.inf,
    ) -> None:
        """find: tells the browser, or raises PaintError; then only paints fail, with that.
        left_s: no paint takes longer than that. idle_s: the process ends when it has had nothing
        to paint for so long; the next paint starts another.

        tailwind: the script that makes the styles of pages which are written for it.
        """
        self._find, self._fonts, self._paint_seconds = find, fonts, paint_seconds
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(TABS)
        self._process: BrowserProcess | None = None
        self._idle: list[PagePainter] = []
        self._left_s, self._idle_s, self._use = left_s, idle_s, Idle(idle_s, self._end)
        self._pictures = Pictures()
        self._web_pages = WebPages(
            lambda: self._files, fonts, tailwind, self._pictures, paint_seconds, left_s
        )
        _in_use.add(self)

    def build(self) -> str:
        return self._build

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
        with self._slots, self._use.used():
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
        with self._slots, self._use.used():
            return self._web_pages.paint(page, load)

    def close(self) -> None:
        self._web_pages.close()
        self._use.cancel()
        self._end()

    def forget(self) -> None:
        """In a forked child: the process is the parent's."""
        self._lock, self._slots = threading.Lock(), threading.BoundedSemaphore(TABS)
        self._use = Idle(self._idle_s, self._end)
        self._web_pages.forget()
        self._pictures.forget()
        process, self._process, self._idle = self._process, None, []
        if process:
            process.disown()

    @cached_property
    def _files(self) -> ChromiumFiles:
        """Raises PaintError."""
        return self._find()

    @cached_property
    def _build(self) -> str:
        return build(lambda: self._files, self._fonts)

    def _paint(self, page: PaintPage, fps: int | None) -> Animated | Painted:
        left_s = self._left_s()
        deadline, latest = (
            time.monotonic() + min(self._paint_seconds, left_s),
            time.monotonic() + left_s,
        )
        process, painter = self._taken()
        try:
            painter = painter or PagePainter(process, self._fonts, self._pictures, deadline)
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
                self._process = BrowserProcess(self._files)
            return self._process, self._idle.pop() if self._idle else None

    def _stop_if(self, process: BrowserProcess) -> None:
        """Stop that browser, unless another thread already did."""
        with self._lock:
            if self._process is process:
                self._stop()

    def _end(self) -> None:
        with self._lock:
            self._stop()
        self._pictures.close()

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
