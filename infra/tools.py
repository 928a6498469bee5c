"""The names of what makes pixels, for the keys of the cache: computed from what the layers hold.

The same words that a machine of its own computes from what is installed there (wiring.local), but
FFmpeg's, which is named by its bytes: nothing is run here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from resplice.adapters.chromium.browser import Chromium
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.devtools import ChromiumFiles
from resplice.core.keys import Tools

from infra import layers


def named(python: str) -> dict[str, str]:
    """The value of RESPLICE_TOOLS for functions that run on this Python."""
    package, ffmpeg = layers.PACKAGE, layers.build("ffmpeg", python) / "bin/ffmpeg"
    moving = [package / "core/motion.py", package / "adapters/ffmpeg/motion.py"]
    tools = Tools(
        ffmpeg=_digest([ffmpeg]),
        resampler=f"pillow {layers.pinned('pillow')['pillow']} {_digest(moving)}",
        browser=_browser(layers.build("chromium", python), layers.build("fonts", python)),
        core=_digest((package / "core").rglob("*.py")),
    )
    return asdict(tools)


def _browser(chromium: Path, fonts: Path) -> str:
    version = (chromium / "chromium/VERSION").read_text().strip()
    files = ChromiumFiles(Path("chromium"), version)
    return Chromium(lambda: files, BundledFonts(fonts / "fonts")).build()


def _digest(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(files))).hexdigest()
