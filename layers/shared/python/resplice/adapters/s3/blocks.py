"""Blocks of an object, each fetched when a byte of it is first asked for, and what is likely asked
for next with it. They lie in a file as large as the object, which is empty where nothing was.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from resplice.core.boxes import Read

BLOCK_BYTES = 512 << 10
BLOCKS_AT_ONCE = 4
"""Of each object, and in memory: who reads on finds the next ones on their way."""


class Blocks:
    """Bytes of one version of an object. Safe to use from many threads, until it is closed."""

    def __init__(self, read: Read, size_bytes: int, file: int) -> None:
        """read: from the store. file: an open one, empty, where blocks are kept meanwhile.

        Raises OSError when the disk can have no file as large.
        """
        self._read, self.size_bytes, self._file = read, size_bytes, file
        self._lock, self._coming = threading.Lock(), dict[int, Future[None]]()
        self._pool = ThreadPoolExecutor(BLOCKS_AT_ONCE, "block")
        os.truncate(file, size_bytes)

    def read(self, offset: int) -> bytes:
        """From there on to the end of its block; none at the end of the object.

        Raises what the store raises, and OSError.
        """
        first = offset // BLOCK_BYTES
        ahead = BLOCKS_AT_ONCE if first - 1 in self._coming else 1
        end = min(first + ahead, -(-self.size_bytes // BLOCK_BYTES))
        coming = [self._block(number) for number in range(first, end)]
        if not coming:
            return b""
        coming[0].result()
        return os.pread(self._file, BLOCK_BYTES - offset % BLOCK_BYTES, offset)

    @property
    def fetched_bytes(self) -> int:
        """As far as they were asked for."""
        return min(len(self._coming) * BLOCK_BYTES, self.size_bytes)

    def _block(self, number: int) -> Future[None]:
        with self._lock:
            if number not in self._coming:
                self._coming[number] = self._pool.submit(self._fetch, number * BLOCK_BYTES)
            return self._coming[number]

    def _fetch(self, offset: int) -> None:
        wanted = min(BLOCK_BYTES, self.size_bytes - offset)
        content = self._read(offset, wanted)
        if len(content) != wanted or os.pwrite(self._file, content, offset) != wanted:
            raise OSError("fewer bytes came than the object has")

    def close(self) -> None:
        """Wait for what is being fetched, and fetch no more."""
        self._pool.shutdown(cancel_futures=True)
