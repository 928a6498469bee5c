"""The names of what makes pixels, for the keys of the cache: computed from what the layers hold.

They are the names that a single machine computes from what is installed there (wiring.local), but
for FFmpeg's: it is named by its bytes here, because nothing is run.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from pathlib import Path

from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.installed import ChromiumFiles
from resplice.adapters.chromium.installed import build as browser_build
from resplice.adapters.espeak.built import build
from resplice.wiring.tools import RESIZER, digest_of, tools_named

from infra import layers


def named(python: str) -> dict[str, str]:
    """The value of RESPLICE_TOOLS for functions that run on this Python. What else is said of them
    there is a setting of its own.
    """
    tools = tools_named(
        ffmpeg=_ffmpeg(layers.build("ffmpeg", python)),
        resizer=f"{RESIZER} {layers.pinned('pillow')[RESIZER]}",
        browser=_browser(layers.build("chromium", python), layers.build("fonts", python)),
        package=layers.PACKAGE,
    )
    return {name: tool for name, tool in asdict(tools).items() if name != "credentials"}


@cache
def _ffmpeg(layer: Path) -> str:
    """Its folder is named by what is in it."""
    return digest_of([layer / "bin/ffmpeg"])


def espeak_build(python: str) -> str:
    """The name of the voices of eSpeak NG in the layer."""
    return build(layers.build("espeak", python) / "espeak")


def _browser(chromium: Path, fonts: Path) -> str:
    version = (chromium / "chromium/VERSION").read_text().strip()
    files = ChromiumFiles(Path("chromium"), version)
    return browser_build(lambda: files, BundledFonts(fonts / "fonts"))
