"""Whatever the setup downloads is known by digest before it is downloaded."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from infra.layers import ROOT
from layers.hashed import Unknown, as_file, digests, hashed, normal
from layers.lock import locks

LOCK_FILES = sorted(
    path
    for path in ROOT.rglob("package-lock.json")
    if not {"node_modules", "build", "cdk.out", ".venv"} & {*path.relative_to(ROOT).parts}
)


@pytest.mark.parametrize("lock", locks(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_python_package_has_its_digests(lock: Path) -> None:
    lines = [*hashed(lock)]
    assert lines
    for line in lines:
        found = re.findall(r" --hash=sha256:([0-9a-f]{64})(?= |$)", line)
        assert found and len({*found}) == len(found), line


def test_the_lock_names_all_that_the_requirements_need() -> None:
    """So pip, which is told to resolve nothing, leaves nothing out."""
    locked = {normal(line.split("==")[0]) for line in hashed(ROOT / "constraints.txt")}
    asked = {
        normal(re.split(r"[=\[]", line)[0])
        for name in ("requirements.txt", "requirements-infra.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text().splitlines()
        if "==" in line
    }
    assert asked <= locked
    installed = {normal(each.metadata["Name"]) for each in metadata.distributions()}
    assert installed - locked - {"pip", "resplice"} == set()
    command = [sys.executable, "-m", "pip", "check"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).returncode == 0


def test_pip_refuses_what_has_another_digest(tmp_path: Path) -> None:
    wheel = tmp_path / "thing-1.0-py3-none-any.whl"
    wheel.write_bytes(b"not what was meant")
    lock, hashes = tmp_path / "lock.txt", tmp_path / "hashes.txt"
    lock.write_text("thing==1.0\n")
    hashes.write_text(f"thing==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    held = tmp_path / "held.txt"
    held.write_text("\n".join(hashed(lock, hashes=hashes)))
    command = [sys.executable, "-m", "pip", "install", "--no-index", "--find-links", str(tmp_path)]
    command += [
        "--require-hashes",
        "--no-deps",
        "--target",
        str(tmp_path / "into"),
        "-r",
        str(held),
    ]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode and "DO NOT MATCH THE HASHES" in refused.stderr


def test_what_has_no_digest_is_refused_by_name(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("# why\nno-such-thing==1.0\n")
    with pytest.raises(Unknown, match="no digest of no-such-thing==1"), as_file(lock):
        pass
    lock.write_text("numpy>=1\n")
    with pytest.raises(Unknown, match="no NAME"):
        [*hashed(lock)]


def test_only_held_files_are_installed_by_the_makefile() -> None:
    """Of our own package pip builds nothing but a link to it."""
    installs = re.findall(
        r"^\t.*(?:\$\(PIP\)|-m pip install)(?:.*\\\n)*.*", _makefile(), re.MULTILINE
    )
    assert len(installs) >= 3
    for line in installs:
        assert "--require-hashes" in line or line.endswith("--no-deps --no-build-isolation -e ."), (
            line
        )
    assert "--require-hashes" in next(
        each for each in _makefile().splitlines() if "HELD :=" in each
    )
    assert "npm install" not in _makefile() and " ci " in _makefile()
    assert not re.search(r"\b(curl|wget)\b.*http", _makefile())


def _makefile() -> str:
    return (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("lock", LOCK_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_npm_package_has_its_digest(lock: Path) -> None:
    told: dict[str, Any] = json.loads(lock.read_text())
    assert told["lockfileVersion"] == 3
    for name, entry in told["packages"].items():
        if not name or entry.get("link") or name.endswith("left-out"):
            continue
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", entry["integrity"]), name


def test_no_lock_says_where_packages_come_from() -> None:
    assert len(LOCK_FILES) >= 6
    for path in LOCK_FILES:
        entries = json.loads(path.read_text())["packages"].values()
        assert not [each for each in entries if "://" in each.get("resolved", "")], path
    for path in (ROOT / "hashes.txt", *locks()):
        assert "://" not in path.read_text(), path


def test_digests_are_read_as_they_are_written() -> None:
    text = f"# head\na-b==1.0 \\\n    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n"
    assert digests(text + "c==2\n") == {("a-b", "1.0"): ["a" * 64, "b" * 64], ("c", "2"): []}
