"""What the command line says when something is wrong."""

from __future__ import annotations

import sys


def complain(code: int, *lines: str) -> int:
    """Print what is wrong; the exit code that was given."""
    print(*(f"resplice: {line}" for line in lines), sep="\n", file=sys.stderr)
    return code
