"""What the command line says when something is wrong."""

from __future__ import annotations

import sys

from resplice.errors import DocumentError, MakeError, RespliceError


def complain(code: int, *lines: str) -> int:
    """Print what is wrong; the exit code that was given."""
    print(*(f"resplice: {line}" for line in lines), sep="\n", file=sys.stderr)
    return code


def code_of(error: RespliceError) -> int:
    """The exit code of who fails with it."""
    return 2 if isinstance(error, DocumentError) else 1


def lines_of(error: RespliceError) -> list[str]:
    """All that is wrong, each with its JSON path, if it has one."""
    if isinstance(error, DocumentError | MakeError):
        return [str(problem) for problem in error.problems]
    evidence = getattr(error, "evidence", "")
    return [str(error), *([evidence] if evidence else [])]
