"""The synthesized stack as a folder, made anew only when something that goes into it has changed.

For what needs the template and its assets on this machine; `cdk` makes its own cdk.out. Assets are
links here to what they are made of: copies of half a gigabyte are for who sends them away.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.layers import ROOT
from infra.runtime import runtime_version

CACHE = ROOT / "build" / "cdk"
KEPT, KEPT_SECONDS = 4, 1200.0
"""The newest, and all that somebody may be using: a run of tests takes several side by side."""
OWN_NODE = Path(sys.prefix) / "node/node"
"""Of the setup; a venv that was made otherwise finds Node where the machine has it."""
NO_COPIES = "aws:cdk:disable-asset-staging"
SOURCES = (
    *("app.py", "cdk.json", "constraints.txt", "infra/*.py", "functions/*/*.py"),
    *("layers/shared/python/resplice/**/*.py", "layers/*/requirements.txt", "layers/*/assemble.py"),
    *("layers/*/package-lock.json",),
)


class SynthesisFailed(Exception):
    """The app refused. The message is what it printed."""


def cdk_out(
    python: str | None = None, stage: str = "dev", row: Mapping[str, Any] | None = None
) -> Path:
    """A cdk.out of the stage, for functions on this Python; None: on one that is here.

    row: the stage's settings; None: those of cdk.json. Raises SynthesisFailed.
    """
    python = python or runtime_version()
    said: dict[str, Any] = {"python": python, "stage": stage}
    if row is not None:
        said["stages"] = {stage: dict(row)}
    target = CACHE / f"{stage}-{python}-{_digest(said)}"
    with _alone():
        if not _is_whole(target):
            shutil.rmtree(target, ignore_errors=True)
            with tempfile.TemporaryDirectory(dir=CACHE, prefix=".") as scratch:
                fresh = Path(scratch) / "cdk.out"
                _synthesize(fresh, said)
                fresh.rename(target)
        target.touch()
        _forget_old()
    return target


def _is_whole(made: Path) -> bool:
    """Whether nothing that it links to has gone since."""
    return made.exists() and all(path.exists() for path in made.iterdir())


def _synthesize(into: Path, context: Mapping[str, Any]) -> None:
    said = {**context, NO_COPIES: True}
    environment = {"CDK_OUTDIR": str(into), "CDK_CONTEXT_JSON": json.dumps(said)}
    if OWN_NODE.exists():
        environment["JSII_NODE"] = str(OWN_NODE)
    run = subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if run.returncode:
        raise SynthesisFailed(run.stdout + run.stderr)
    for manifest in into.glob("*.assets.json"):
        _link_assets(manifest)


def _link_assets(manifest: Path) -> None:
    """Where they would lie if they were copied."""
    said = json.loads(manifest.read_text())
    for name, asset in said["files"].items():
        source = manifest.parent / asset["source"]["path"]
        if source.is_dir():
            linked = manifest.parent / f"asset.{name}"
            linked.symlink_to(source)
            asset["source"]["path"] = linked.name
    manifest.write_text(json.dumps(said))


def _digest(said: Mapping[str, Any]) -> str:
    asked = os.environ.get("CDK_VALIDATION", "")
    digest = hashlib.sha256(json.dumps([said, asked], sort_keys=True).encode())
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time makes stacks here."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_old() -> None:
    made = [path for path in CACHE.iterdir() if not path.name.startswith(".")]
    for path in sorted(made, key=lambda path: path.stat().st_mtime)[:-KEPT]:
        if time.time() - path.stat().st_mtime < KEPT_SECONDS:
            break
        shutil.rmtree(path, ignore_errors=True)
