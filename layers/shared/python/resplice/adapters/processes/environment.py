"""The environment of programs that run beside us: what is given to them, and nothing secret."""

from __future__ import annotations

import os

INHERITED = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL")
"""What Python needs to start; credentials are not for who handles what comes from outside."""


def environment(**given: str) -> dict[str, str]:
    """That, and what is given."""
    return {**{name: os.environ[name] for name in INHERITED if name in os.environ}, **given}
