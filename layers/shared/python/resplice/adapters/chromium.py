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
from pathlib import Path

from resplice.adapters.bundled_fonts import BundledFonts
from resplice.adapters.devtools import BrowserGone, BrowserProcess, ChromiumFiles
from resplice.adapters.page_painter import PAINTER_VERSION, PagePainter
from resplice.errors import PaintError
from resplice.ports import Painted, PaintPage

LAYER = Path(__file__).resolve().parents[4] / "chromium"
TABS = 2
PAINT_SECONDS = 30.0
ATTEMPTS = 3
"""A page may fall with a browser that another one brought down, so it gets more than one try."""

_SYSTEM_NAMES = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome")
_SYSTEM_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium(named: str | None = None, layer: Path = LAYER) -> ChromiumFiles:
    """The browser to use: the one named, else the layer's, else one that the system has.

    Raises PaintError when there is none.
    """
    stamp = layer / "browser" / "VERSION"
    if not named and stamp.exists() and (sys.platform, platform.machine()) == ("linux", "x86_64"):
        bundled = stamp.parent
        return ChromiumFiles(bundled / "chromium", stamp.read_text().strip(), bundled)
    for name in [named] if named else [*_SYSTEM_NAMES, *_SYSTEM_PLACES]:
        if found := shutil.which(name):
            return ChromiumFiles(Path(found), _said_version(found))
    raise PaintError(
        f"The browser {named} cannot be run"
        if named
        else "No browser to paint texts with: unpack the bundled one, or install Chrome or Chromium"
    )


def _said_version(executable: str) -> str:
    try:
        run = subprocess.run([executable, "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PaintError(f"The browser {executable} cannot be run") from error
    return run.stdout.strip()


class Chromium:
    """Browser. Safe to call from many threads; the process starts with the first paint."""

    def __init__(
        self, files: ChromiumFiles, fonts: BundledFonts, paint_seconds: float = PAINT_SECONDS
    ) -> None:
        self._files, self._fonts, self._paint_seconds = files, fonts, paint_seconds
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(TABS)
        self._process: BrowserProcess | None = None
        self._idle: list[PagePainter] = []
        _in_use.add(self)

    def build(self) -> str:
        parts = (str(PAINTER_VERSION), self._files.version, self._fonts.digest())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def paint(self, page: PaintPage) -> Painted:
        """Raises PaintError."""
        with self._slots:
            for _ in range(ATTEMPTS):
                try:
                    return self._paint(page)
                except BrowserGone as error:
                    lost = error
            raise PaintError(f"The browser that paints texts ended: {lost}") from lost

    def close(self) -> None:
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """In a forked child: the process is the parent's."""
        self._lock, self._slots = threading.Lock(), threading.BoundedSemaphore(TABS)
        process, self._process, self._idle = self._process, None, []
        if process:
            process.disown()

    def _paint(self, page: PaintPage) -> Painted:
        deadline = time.monotonic() + self._paint_seconds
        process, painter = self._taken()
        try:
            painter = painter or PagePainter(process, self._fonts, deadline)
            painted = painter.paint(page, deadline)
        except BaseException as error:
            self._stop_if(process)
            if isinstance(error, TimeoutError | ValueError):
                raise PaintError(f"The browser could not paint a text: {error}") from error
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
