"""One browser for all ports that a test process opens: each would start its own, and end it.

What a browser does as a process is held by tests that make one themselves.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Lock
from typing import Any

from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.installed import ChromiumFiles
from resplice.ports.browser import Browser
from resplice.wiring import local

_started = local._browser
_running = dict[str | None, Any]()
_alone = Lock()
IDLE_S = 3600.0
"""It waits for the next test, whoever lends it."""


class LentBrowser:
    """Browser. It is not its users' to end: it ends with the process."""

    def __init__(self, browser: Browser) -> None:
        self.build, self.paint, self.animate = browser.build, browser.paint, browser.animate
        self.paint_web_page = browser.paint_web_page

    def close(self) -> None:
        """It goes on for whoever comes next."""


def lent(found: Callable[[], ChromiumFiles], fonts: BundledFonts, idle_s: float) -> LentBrowser:
    """Of each browser that is named, one."""
    with _alone:
        named = os.environ.get("RESPLICE_CHROMIUM")
        if named not in _running:
            _running[named] = _started(found, fonts, IDLE_S)
        return LentBrowser(_running[named])
