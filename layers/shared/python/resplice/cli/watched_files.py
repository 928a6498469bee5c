"""Files that are watched for saves. It asks for their times, sizes and numbers, and reads none."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

SETTLE_SECONDS = 0.15
"""Many saves that follow each other faster are one."""

State = tuple[int, ...] | None


class WatchedFiles:
    """Those that are always watched, those of a folder, and those that the document names now."""

    def __init__(
        self,
        always: Iterable[Path],
        folder: Path | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """folder: of components, as ComponentFolders reads it; what comes into it is noticed."""
        self._always, self._folder, self._now_s = frozenset(always), folder, now_s
        self._alone, self._named = threading.Lock(), frozenset[Path]()
        self._seen = self._settled = self._states()
        self._seen_at_s = now_s()

    def follow(self, named: Iterable[Path]) -> None:
        """The document names those from now on, and no others. What it named before and was saved
        meanwhile is noticed all the same.
        """
        with self._alone:
            self._named = frozenset(named)
            now = self._states()
            self._seen = {path: self._seen.get(path, state) for path, state in now.items()}
            self._settled = {path: self._settled.get(path, state) for path, state in now.items()}

    def saved(self) -> bool:
        """Whether something was saved since this was true last, and all stands still by now."""
        with self._alone:
            now = self._states()
            if now != self._seen:
                self._seen, self._seen_at_s = now, self._now_s()
            if self._seen == self._settled or self._now_s() - self._seen_at_s < SETTLE_SECONDS:
                return False
            self._settled = self._seen
            return True

    def _states(self) -> dict[Path, State]:
        return {path: _state(path) for path in (*self._always, *self._named, *self._inside())}

    def _inside(self) -> list[Path]:
        """Folders may go while they are listed: the next look tells."""
        try:
            return [*self._folder.glob("*/*/*")] if self._folder else []
        except OSError:
            return []


def _state(path: Path) -> State:
    """None when nothing is there. Editors put a new file in the place of the old one."""
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return None
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
