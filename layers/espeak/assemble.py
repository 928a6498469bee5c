"""eSpeak NG out of its package: the library, its data, and BUILD, which names them.

The same files wherever it is: in the layer of functions, and where voices are set up.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

LIBRARIES = (".so", ".dylib", ".dll")


def assemble(package: Path, into: Path) -> None:
    """package: espeakng_loader as it is installed; into: a folder that is made."""
    into.mkdir(parents=True)
    for library in package.glob("*espeak-ng.*"):
        if library.suffix in LIBRARIES:
            shutil.copyfile(library, into / library.name)
    data = into / "espeak-ng-data"
    shutil.copytree(package / "espeak-ng-data", data)
    (data / "phondata-manifest").unlink()  # Only its makers read it.
    files = (path for path in into.rglob("*") if path.is_file())
    (into / "BUILD").write_text(digest_of(files))


def digest_of(files: Iterable[Path], also: bytes = b"") -> str:
    """SHA-256 of the names and bytes of all of them, whatever their order: 64 hex digits."""
    digest = hashlib.sha256(also)
    for path in sorted(files):
        digest.update(f"\0{path.name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()
