"""The browser as its layer packs it, unpacked where a function may write. Knows no painting.

A function's layers have no room for it unpacked. Only a Lambda's wiring imports this: elsewhere
brotli need not be installed.
"""

from __future__ import annotations

import fcntl
import io
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import brotli  # type: ignore[import-untyped]

from resplice.adapters.chromium.installed import ChromiumFiles
from resplice.errors import BrowserBroken

CHUNK_BYTES = 1 << 20
EXECUTABLE = "chromium"
FOLDERS = ("al2023.tar.br", "fonts.tar.br")


def unpacked(layer: Path, into: Path) -> ChromiumFiles:
    """The browser that `layer` packs, unpacked to <into>/chromium-<version>: whole or not at all.

    Unpacked by the first call of all processes and threads; the others wait for it.
    Raises BrowserBroken.
    """
    try:
        version = (layer / "VERSION").read_text().strip()
        target = into / f"chromium-{version}"
        if not target.exists():
            with _alone(into / f"chromium-{version}.lock"):
                _unpack(layer, target)
    except (OSError, tarfile.TarError, brotli.error) as error:
        raise BrowserBroken(f"The browser in {layer} cannot be unpacked: {error}") from error
    # A Lambda refuses some of what browsers do when they start processes.
    return ChromiumFiles(target / EXECUTABLE, version, target, one_process=True)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Held by one thread of one process; the kernel frees it however that one ends."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _unpack(layer: Path, target: Path) -> None:
    """Make the target, unless another one just did."""
    prefix = f".{target.name}-"
    for left_by_the_dead in target.parent.glob(f"{prefix}*"):
        shutil.rmtree(left_by_the_dead)
    if target.exists():
        return
    fresh = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    try:
        with _opened(layer / f"{EXECUTABLE}.br") as packed:
            with (fresh / EXECUTABLE).open("wb") as executable:
                shutil.copyfileobj(packed, executable, CHUNK_BYTES)
            (fresh / EXECUTABLE).chmod(0o755)
        for name in FOLDERS:
            with _opened(layer / name) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
                if hasattr(tarfile, "data_filter"):
                    tar.extraction_filter = tarfile.data_filter
                tar.extractall(fresh, _inside(tar))
        fresh.chmod(0o755)
        fresh.rename(target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _inside(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Its members, as they come: none leads out of it. Pythons before 3.11.4 do not look."""
    for member in tar:
        if ".." in Path(member.name).parts or Path(member.name).is_absolute():
            raise tarfile.TarError(f"{member.name} leads elsewhere")
        yield member


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """A brotli file, to be read as what it holds."""
    with file.open("rb") as packed, io.BufferedReader(_Plain(packed), CHUNK_BYTES) as plain:
        yield plain


class _Plain(io.RawIOBase):
    """A stream of chunks as a file."""

    def __init__(self, packed: BinaryIO) -> None:
        self._chunks, self._left = _plain(packed), memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            self._left = memoryview(next(self._chunks, b""))
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def _plain(packed: BinaryIO) -> Iterator[bytes]:
    """What a brotli file holds, in pieces of about CHUNK_BYTES, none empty."""
    decoder = brotli.Decompressor()
    while not decoder.is_finished():
        wants_more = decoder.can_accept_more_data()
        more = packed.read(CHUNK_BYTES) if wants_more else b""
        if plain := decoder.process(more, output_buffer_limit=CHUNK_BYTES):
            yield plain
        elif wants_more and not more:
            raise OSError(f"{packed.name} ends too early")
