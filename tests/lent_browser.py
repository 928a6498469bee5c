"""One browser for all ports that a test process opens: each would start its own, and end it.

What a browser does as a process is held by tests that make one themselves.
"""

from __future__ import annotations

import os
from functools import cache

from resplice.adapters.chromium.browser import Chromium
from resplice.wiring import local

_started = local._browser


class LentBrowser:
    """Browser. It is not its users' to end: it ends with the process."""

    def __init__(self, browser: Chromium) -> None:
        self.build, self.paint, self.animate = browser.build, browser.paint, browser.animate
        self.paint_web_page = browser.paint_web_page

    def close(self) -> None:
        """It goes on for whoever comes next."""


def lent() -> LentBrowser:
    return LentBrowser(_named(os.environ.get("RESPLICE_CHROMIUM")))


@cache
def _named(_: str | None) -> Chromium:
    """Of each that is named, one."""
    return _started()
