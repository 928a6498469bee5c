"""Code and layers, unzipped: each archive once, and once each set of layers that is one /opt.

Layers bring Python's modules compiled, as they do on Lambda: a process that begins has them ready.
An archive may also say where a folder is that is as it would be unzipped.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import shutil
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

PREFIX = ".code-"
LEFT_SECONDS = 60.0
"""For so long one that nobody holds may be somebody's who is about to."""
ELSEWHERE = ".elsewhere"
"""The only file of an archive that holds nothing but the path of a folder."""


@dataclass(frozen=True)
class Archive:
    """What is known of an archive. digest: SHA-256 of its bytes, hex."""

    digest: str
    size_bytes: int

    @property
    def digest_base64(self) -> str:
        return base64.b64encode(bytes.fromhex(self.digest)).decode()


@contextmanager
def folder_within(parent: Path) -> Iterator[Path]:
    """For a CodeStore, as long as the context. Those that processes left there when they were
    killed, go: nobody holds them.
    """
    for left in parent.glob(f"{PREFIX}*"):
        with suppress(OSError), _held(left, fcntl.LOCK_EX | fcntl.LOCK_NB):
            if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=PREFIX, dir=parent) as made:
        folder = Path(made)
        with _held(folder, fcntl.LOCK_SH):
            yield folder


@contextmanager
def _held(folder: Path, how: int) -> Iterator[None]:
    """Locked, at the latest until this process ends. Raises OSError."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, how)
        yield
    finally:
        os.close(opened)


class CodeStore:
    """Keeps it all in one folder. Safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()

    def keep(self, file: BinaryIO) -> Archive:
        """Unzip an archive, if it is new."""
        file.seek(0)
        digest = hashlib.sha256()
        while chunk := file.read(1 << 20):
            digest.update(chunk)
        archive = Archive(digest.hexdigest(), file.tell())
        with self._lock:
            if not self.code(archive.digest).exists():
                _unzip(file, self.code(archive.digest))
        return archive

    def code(self, digest: str) -> Path:
        return self._folder / f"code-{digest}"

    def opt(self, digests: tuple[str, ...]) -> Path:
        """The layers in one folder; where two have the same file, the later one's is there."""
        whole = hashlib.sha256("".join(digests).encode()).hexdigest()
        target = self._folder / f"opt-{whole}"
        with self._lock:
            if not target.exists():
                target.mkdir()
                for digest in digests:
                    _merge(self.code(digest), target)
        return target


def _unzip(file: BinaryIO, target: Path) -> None:
    """With the modes that the archive has: Lambda keeps them too."""
    with zipfile.ZipFile(file) as archive:
        if archive.namelist() == [ELSEWHERE]:
            target.symlink_to(archive.read(ELSEWHERE).decode())
            return
        for info in archive.infolist():
            path = Path(archive.extract(info, target))
            if not info.is_dir() and (mode := info.external_attr >> 16):
                path.chmod(mode & 0o777)


def _merge(source: Path, target: Path) -> None:
    shutil.copytree(source.resolve(), target, copy_function=_linked, dirs_exist_ok=True)


def _linked(one: str, other: str) -> None:
    """A hard link: a symbolic one leads to a layer that is alone."""
    with suppress(FileNotFoundError):
        os.unlink(other)  # noqa: PTH108 - thousands of files, and a Path takes longer than this
    try:
        os.link(one, other)
    except OSError:
        shutil.copy2(one, other)  # It lies on another disk.
