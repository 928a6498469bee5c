"""Requirements with the digests that their files must have, for `pip install --require-hashes`.

    python -m layers.hashed FILE [NAME…]    prints them: of all lines of FILE, or of these alone

hashes.txt has the digests of every package that any setup installs, for all systems and versions of
Python: of each name and version once. `make lock` writes it. Needs nothing but Python.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HASHES = Path(__file__).resolve().parents[1] / "hashes.txt"
_PIN = re.compile(r"([\w.-]+)(?:\[.*?\])?==([\w.+!-]+)")
FLAGS = ("--require-hashes", "--no-deps")
"""The locks name all that is needed: pip resolves nothing, and takes nothing else."""


class Unknown(Exception):
    """A requirement has no digest. The message says which."""


def hashed(lock: Path, names: Collection[str] = (), hashes: Path = HASHES) -> Iterator[str]:
    """Its lines, with digests. names: of those that are wanted, else all. Raises Unknown."""
    known, wanted = digests(hashes.read_text()), {normal(name) for name in names}
    for line in filter(None, lock.read_text().splitlines()):
        if line.startswith("#"):
            continue
        pin = _PIN.match(line)
        if pin is None:
            raise Unknown(f"{lock.name}: {line}: it is no NAME==VERSION")
        name, version = normal(pin[1]), pin[2]
        if wanted and name not in wanted:
            continue
        if not (found := known.get((name, version))):
            raise Unknown(f"{lock.name}: {HASHES.name} has no digest of {line}: `make lock`")
        yield " ".join([line, *(f"--hash=sha256:{each}" for each in found)])


@contextmanager
def as_file(lock: Path) -> Iterator[list[str]]:
    """What pip is to be told to install a lock, while the context lasts. Raises Unknown."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(hashed(lock)) + "\n")
        file.flush()
        yield [*FLAGS, "-r", file.name]


def digests(text: str) -> Mapping[tuple[str, str], list[str]]:
    """By name and version, of a file as `uv pip compile --generate-hashes` writes it."""
    found = dict[tuple[str, str], list[str]]()
    for entry in text.replace("\\\n", " ").splitlines():
        if pin := _PIN.match(entry):
            digest = re.findall(r"--hash=sha256:([0-9a-f]{64})", entry)
            found[normal(pin[1]), pin[2]] = digest
    return found


def normal(name: str) -> str:
    """https://packaging.python.org/en/latest/specifications/name-normalization/"""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    try:
        print("\n".join(hashed(Path(sys.argv[1]), sys.argv[2:])))
    except Unknown as unknown:
        sys.exit(str(unknown))
