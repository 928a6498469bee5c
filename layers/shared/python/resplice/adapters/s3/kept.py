"""Contents that were stored or opened before, kept on this machine's disk, as far as they are few.

A function makes many pieces of one source, for one movie and for the next: each process downloads
it once, and not at all what it stored itself. Nothing is believed of what is kept: who takes a copy
hashes it.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict, defaultdict
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from pathlib import Path

from resplice.ports.scratch import Scratch

CONTENTS = "elements/content/"
"""What the keys begin with of what is named by its digest, and never changes."""
LEAST_BYTES = 1 << 20
"""Below it, to ask whether it is still there takes as long as to download it."""
MOST_BYTES = 1 << 30
"""Of all that is kept: the rest of the disk is for what is at work, which finds as much room in a
function that has rendered before as in a new one, but for this."""


class Kept:
    """Files by the keys of their contents, the one that was used last at the end. Safe to use from
    many threads. What it keeps goes with the process, or with `close`.
    """

    def __init__(self, scratch: Scratch, most_bytes: int = MOST_BYTES) -> None:
        self._scratch, self._most_bytes = scratch, most_bytes
        self._files, self._stack = OrderedDict[str, Path](), ExitStack()
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def turn(self, key: str) -> AbstractContextManager[object]:
        """While it lasts nobody else looks for that key: one downloads it, the others wait."""
        return self._turns[key] if key.startswith(CONTENTS) else nullcontext()

    def holds(self, key: str) -> bool:
        with self._lock:
            return key in self._files

    def copy(self, key: str, into: Path) -> bool:
        """Whether it was kept, and lies there too now."""
        with self._lock, suppress(KeyError, FileNotFoundError):
            os.link(self._files[key], into)
            self._files.move_to_end(key)
            return True
        return False

    def keep(self, key: str, file: Path) -> None:
        """Keep the file if there is room. It may be removed where it lies, and not be changed."""
        if not key.startswith(CONTENTS):
            return
        if not LEAST_BYTES <= file.stat().st_size <= self._most_bytes:
            return
        with self._lock:
            if not self._files:
                self._stack.close()
                self._folder = self._stack.enter_context(self._scratch.scratch())
            kept = self._folder / key.removeprefix(CONTENTS)
            try:
                os.link(file, kept)
                kept.chmod(0o444)
            except FileExistsError:
                pass
            except OSError:
                return  # It lies on another disk.
            self._files[key] = kept
            self._files.move_to_end(key)
            while self._files and self._is_full():
                self._drop(next(iter(self._files)))

    def drop(self, key: str) -> None:
        """Keep it no longer."""
        with self._lock:
            if key in self._files:
                self._drop(key)

    def drop_all(self) -> None:
        """Keep nothing of what is kept."""
        with self._lock:
            for key in list(self._files):
                self._drop(key)

    def close(self) -> None:
        self.drop_all()
        self._stack.close()

    def _drop(self, key: str) -> None:
        self._files.pop(key).unlink(missing_ok=True)

    def _is_full(self) -> bool:
        return sum(file.stat().st_size for file in self._files.values()) > self._most_bytes
