"""Which version of these voices is set up; asked by every program, so nothing else is loaded."""

from __future__ import annotations

import hashlib
from pathlib import Path

HERE = Path(__file__).parent
UNSAID = ("__init__.py", "built.py")
"""Nothing that is spoken depends on these."""


def build(espeak: Path) -> str:
    """Names the version of these voices: 16 hex digits. Raises OSError when it is not set up."""
    parts = [
        espeak / "BUILD",
        *sorted(path for path in HERE.glob("*.py") if path.name not in UNSAID),
    ]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in parts)).hexdigest()[:16]
