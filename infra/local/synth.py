"""The stack as it runs here, synthesized when anything that goes into it has changed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.local.lambda_process import runtime_version

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
INPUTS = (
    "app.py",
    "cdk.json",
    "constraints.txt",
    "requirements*.txt",
    "infra/*.py",
    "functions/*/*.py",
    "layers/*/requirements.txt",
    "layers/*/package-lock.json",
    "layers/shared/python/resplice/**/*",
)


def synthesized() -> Path:
    """The folder with the stack of the stage `dev`, for a Python that is here. Made once: the
    first of many processes makes it for all. Raises CalledProcessError with what app.py said.
    """
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "stack.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        python = runtime_version()
        target = BUILD / f"stack-{_digest(python)}"
        if not target.exists():
            for old in BUILD.glob("stack-*"):
                shutil.rmtree(old)
            _synthesize(python, target)
    return target


def _synthesize(python: str, target: Path) -> None:
    fresh = target.with_name(f"{target.name}.fresh")
    context = json.dumps({"python": python})
    made = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "CDK_OUTDIR": str(fresh), "CDK_CONTEXT_JSON": context},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if made.returncode:
        sys.stderr.write(made.stdout)
        made.check_returncode()
    fresh.rename(target)


def _digest(python: str) -> str:
    digest = hashlib.sha256(python.encode())
    for path in _inputs():
        digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _inputs() -> Iterator[Path]:
    for pattern in INPUTS:
        found = sorted(ROOT.glob(pattern))
        yield from (path for path in found if path.is_file() and path.suffix != ".pyc")
