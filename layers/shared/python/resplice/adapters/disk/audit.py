"""The audit log of one machine: lines of JSON in a file of the data folder, its owner's alone.

A file that is full is put aside under a number, and the oldest goes: it never fills the disk.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from resplice.adapters.disk.private import AUDIT as NAMES
from resplice.errors import StorageError

NAME, FILES = NAMES[0], len(NAMES)
FILE_BYTES = 16 * 2**20
PATIENCE_S, PAUSE_S = 2.0, 0.005


class AuditFile:
    """Implements ports.audit.Audit for all processes on the folder."""

    def __init__(self, folder: Path, file_bytes: int = FILE_BYTES) -> None:
        self._folder, self._file_bytes = folder, file_bytes

    def tell(self, act: Mapping[str, Any]) -> None:
        line = (json.dumps(act, separators=(",", ":")) + "\n").encode()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._add(line)
        except OSError as error:
            raise StorageError(f"{self._folder / NAME}: {error.strerror}") from error

    def _add(self, line: bytes) -> None:
        """One write of one line, to the file that has the name once it is held."""
        while True:
            file = os.open(self._folder / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                _held(file)
                if not self._is_named(file):
                    continue
                if os.fstat(file).st_size + len(line) <= self._file_bytes:
                    _written(file, line)
                    return
                if not os.fstat(file).st_size:
                    raise OSError(0, "the line is longer than a file may be")
                self._put_aside()
            finally:
                os.close(file)

    def _is_named(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), (self._folder / NAME).stat())
        except FileNotFoundError:
            return False

    def _put_aside(self) -> None:
        for number in range(FILES - 1, 0, -1):
            older = self._folder / NAMES[number - 1]
            if older.exists():
                older.replace(self._folder / NAMES[number])


def _held(file: int) -> None:
    """Nobody else writes from now on. Raises OSError when somebody keeps it for long."""
    until_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > until_s:
                raise
        time.sleep(PAUSE_S)


def _written(file: int, line: bytes) -> None:
    """All of it, or nothing: half a line would spoil the next."""
    size = os.fstat(file).st_size
    if os.write(file, line) < len(line):
        os.ftruncate(file, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
