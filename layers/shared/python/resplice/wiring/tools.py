"""The names of what makes pictures and sound, for the keys of the cache.

The names are the same wherever they are computed: from what is installed on a machine
(wiring.local), or from what a stack's layers hold (infra/tools).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from resplice.core.tools import Tools

PACKAGE = Path(__file__).resolve().parents[1]
RESIZER = "cykooz-resizer"
MOVING = ("core/motion.py", "adapters/ffmpeg/motion.py", "adapters/ffmpeg/resampling.py")
"""Our code that moves a view."""


def tools_named(*, ffmpeg: str, resizer: str, browser: str, package: Path = PACKAGE) -> Tools:
    """The tools, of which ffmpeg and browser have names already, and the resizer a version.

    What moves a view is cykooz-resizer, and our code around it. package: where that is.
    """
    return Tools(
        ffmpeg=ffmpeg,
        resampler=f"{RESIZER} {resizer} {digest_of(package / each for each in MOVING)}",
        browser=browser,
        core=digest_of((package / "core").rglob("*.py")),
    )


def digest_of(files: Iterable[Path]) -> str:
    """SHA-256 of the bytes of all of them, 64 hex digits, whatever their order."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(files))).hexdigest()
