"""The Python that functions run on: Lambda's version, or ours where that is not here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

LAMBDA_PYTHON = "3.13"
OWN_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
PYENV = Path.home() / ".pyenv" / "versions"


@cache
def interpreter(version: str) -> Path | None:
    """An interpreter of this version (`3.13`) on this machine, or None."""
    found = shutil.which(f"python{version}")
    kept = sorted(PYENV.glob(f"{version}.*/bin/python{version}"), reverse=True)
    for path in (*([Path(found)] if found else ()), *kept):
        said = subprocess.run(
            [path, "-I", "-c", "import sys; print(sys.executable, *sys.version_info[:2])"],
            capture_output=True,
            text=True,
        )
        name, _, number = said.stdout.strip().partition(" ")
        if number.replace(" ", ".") == version:
            return Path(name)
    return None


def runtime_version() -> str:
    """What the stack has to be synthesized for to run here: Lambda's Python, or else our own."""
    return LAMBDA_PYTHON if interpreter(LAMBDA_PYTHON) else OWN_PYTHON
