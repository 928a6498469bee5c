"""The installed browser: where it is, and the name of all that decides its pixels. It starts none.

Keys need the name whether or not anything is painted, so nothing that paints is imported here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.errors import BrowserBroken, PaintError
from resplice.frozen import frozen

PAINTER_VERSION = 1
"""Raise it when the same page would come out with other pixels by a change of our painting."""
LAYER = Path(__file__).resolve().parents[5] / "chromium"
NO_BROWSER = "no browser"

_SYSTEM_NAMES = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome")
_SYSTEM_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


@frozen
class ChromiumFiles:
    """An installed browser.

    layer        the folder with its libraries (`lib`) and its font of last resort (`fonts`), None
                 for a browser that the system brings
    one_process  whether all of it shall be one process: the same pixels, but a tab that hangs or
                 crashes takes the others with it
    """

    executable: Path
    version: str
    layer: Path | None = None
    one_process: bool = False


def find_chromium(named: str | None = None, layer: Path = LAYER) -> ChromiumFiles:
    """The browser to use: the one named, else the layer's, else one that the system has.

    Raises BrowserBroken when there is none.
    """
    stamp = layer / "browser" / "VERSION"
    if not named and stamp.exists() and (sys.platform, os.uname().machine) == ("linux", "x86_64"):
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
    import subprocess

    try:
        run = subprocess.run([executable, "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrowserBroken(f"The browser {executable} cannot be run") from error
    return run.stdout.strip()


def build(find: Callable[[], ChromiumFiles], fonts: BundledFonts) -> str:
    """The digest of all that decides what is painted, 64 hex digits; NO_BROWSER where none is."""
    try:
        parts = (str(PAINTER_VERSION), find().version, fonts.digest())
    except PaintError:
        return NO_BROWSER
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
