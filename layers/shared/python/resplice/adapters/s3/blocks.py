"""Blocks of an object, each fetched when a byte of it is first asked for, and what is likely asked
for next with it. They lie in a file as large as the object, which is empty where nothing was.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError

from resplice.core.boxes import Read
from resplice.errors import StorageError

BLOCK_BYTES = 512 << 10
BLOCKS_AT_ONCE = 4
"""Of each object, and in memory: who reads on finds the next ones on their way."""
ATTEMPTS, PAUSE_SECONDS = 3, 0.2
"""An answer that breaks off is not asked for again by the client of the store."""
LOOK_SECONDS = 0.2


class Blocks:
    """Bytes of one version of an object. Safe to use from many threads, until it is closed."""

    def __init__(self, read: Read, size_bytes: int, file: int) -> None:
        """read: from the store. file: an open one, empty, where blocks are kept meanwhile.

        Raises OSError when the disk can have no file as large.
        """
        self._read, self.size_bytes, self._file = read, size_bytes, os.dup(file)
        # What is still being fetched when nobody waits any more writes to a file of its own.
        weakref.finalize(self, os.close, self._file)
        self._closed = threading.Event()
        self._lock, self._coming = threading.Lock(), dict[int, Future[None]]()
        self._pool = ThreadPoolExecutor(BLOCKS_AT_ONCE, "block")
        os.truncate(self._file, size_bytes)

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
        self._wait(coming[0])
        return os.pread(self._file, BLOCK_BYTES - offset % BLOCK_BYTES, offset)

    def _wait(self, coming: Future[None]) -> None:
        while True:
            try:
                return coming.result(LOOK_SECONDS)
            except TimeoutError:
                if self._closed.is_set():
                    raise OSError("nobody waits for it any more") from None

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
        content = self._tried(offset, wanted)
        if len(content) != wanted or os.pwrite(self._file, content, offset) != wanted:
            raise OSError("fewer bytes came than the object has")

    def _tried(self, offset: int, wanted: int) -> bytes:
        for attempt in range(1, ATTEMPTS):
            try:
                return self._read(offset, wanted)
            except StorageError:
                if self._closed.is_set():
                    raise
                time.sleep(attempt * PAUSE_SECONDS)
        return self._read(offset, wanted)

    def close(self) -> None:
        """Fetch no more, and wait for nothing."""
        self._closed.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
