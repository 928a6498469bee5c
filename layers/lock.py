"""Writes constraints.txt and hashes.txt anew, from what the requirements pin. `make lock` calls it.

    python -m layers.lock UV

UV: the program that resolves. Versions that are pinned stay; what came along stays as it was, where
it still can. Package indexes are asked: nothing else of the project does that but pip and npm.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from layers.hashed import HASHES, digests

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "constraints.txt"
OLDEST_PYTHON = "3.11"
LOCKS = (
    *("layers/*/requirements.txt", "layers/voices/model.txt", "layers/lock.txt"),
    *("constraints.txt", "benchmarks/peers/requirements.txt"),
)
HEAD = {
    CONSTRAINTS: "# All that comes along with requirements-dev.txt, pinned, for all systems.",
    HASHES: "# What the files of every package that is installed must be: see layers/hashed.py.",
}
MADE = "# Made by: make lock"


def main(uv: str) -> None:
    resolved = _compiled(uv, ROOT / "requirements-dev.txt", "--constraints", str(CONSTRAINTS))
    _write(CONSTRAINTS, resolved)
    found = dict[tuple[str, str], list[str]]()
    for lock in locks():
        found |= digests(_compiled(uv, lock, "--no-deps", "--generate-hashes"))
    _write(HASHES, "\n".join(_entries(found)))


def locks() -> list[Path]:
    """Every file that something is installed from."""
    return sorted(path for pattern in LOCKS for path in ROOT.glob(pattern))


def _compiled(uv: str, source: Path, *more: str) -> str:
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", OLDEST_PYTHON]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "compiled.txt"
        subprocess.run([*command, *more, "--output-file", str(into), str(source)], check=True)
        return into.read_text()


def _entries(found: dict[tuple[str, str], list[str]]) -> Iterator[str]:
    for (name, version), digest in sorted(found.items()):
        yield f"{name}=={version}"
        yield from (f"    --hash=sha256:{each}" for each in sorted(digest))


def _write(path: Path, text: str) -> None:
    lines = text.strip().splitlines()
    ends = [f"{line} \\" if below.startswith(" ") else line for line, below in _pairs(lines)]
    path.write_text("\n".join([HEAD[path], MADE, *ends]) + "\n")


def _pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    return zip(lines, [*lines[1:], ""], strict=True)


if __name__ == "__main__":
    main(sys.argv[1])
