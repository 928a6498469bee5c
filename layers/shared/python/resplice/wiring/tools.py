"""The names of what makes pictures and sound, for the keys of the cache.

The names are the same wherever they are computed: from what is installed on a machine
(wiring.local), or from what a stack's layers hold (infra/tools).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from pathlib import Path

from resplice.adapters.ffmpeg import motion
from resplice.core.tools import Tools

PACKAGE = Path(__file__).resolve().parents[1]
RESIZER, PILLOW = "cykooz-resizer", "pillow"
MOVING = (
    "core/motion.py",
    *(f"adapters/ffmpeg/{name}.py" for name in ("motion", "resampling", "fast_resampling")),
)
"""Our code that moves a view."""


def tools_named(*, ffmpeg: str, resizer: str, browser: str, package: Path = PACKAGE) -> Tools:
    """The tools, of which all have names already but our own code: that in the folder package.

    resizer: moves a view, with our code around it.
    """
    return Tools(
        ffmpeg=ffmpeg,
        resampler=f"{resizer} {digest_of(package / each for each in MOVING)}",
        browser=browser,
        core=digest_of(_modules(package / "core")),
    )


def resizer() -> str:
    """The name of what moves a view on this machine, and its version."""
    name = RESIZER if motion.RESIZER in motion.packages() else PILLOW
    return f"{name} {_version(name)}"


def _version(package: str) -> str:
    """Read line by line: importlib.metadata reads all as an e-mail, and loads what that takes."""
    said = distribution(package).read_text("METADATA") or ""
    (line,) = (each for each in said.split("\n\n")[0].splitlines() if each.startswith("Version:"))
    return line.removeprefix("Version:").strip()


def _modules(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names if name.endswith(".py"))


def digest_of(files: Iterable[Path]) -> str:
    """SHA-256 of the bytes of all of them, 64 hex digits, whatever their order."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(files))).hexdigest()
