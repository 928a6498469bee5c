"""How a run of many movies goes on: a line that is drawn over on a terminal, a few elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Self, TextIO

from resplice.cli.terminal import RETELL_SECONDS

CELLS = 30


class BulkProgress:
    """Leaving it ends the line."""

    def __init__(self, rows: int, *, shown: bool, out: TextIO | None = None) -> None:
        """out: standard error, unless another is named."""
        self._out, self._rows, self._shown = out or sys.stderr, rows, shown
        self._live = shown and self._out.isatty()
        self._done = self._failed = 0
        self._began_s = self._told_s = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._out.write("\r\x1b[K")
            self._out.flush()

    def ended(self, *, failed: bool) -> None:
        """Of one row."""
        self._done += 1
        self._failed += failed
        now_s = time.monotonic()
        if self._live:
            self._out.write(f"\r\x1b[K{self._bar()} {self._said(now_s)}")
            self._out.flush()
        elif self._shown and now_s - self._told_s > RETELL_SECONDS:
            self._told_s = now_s
            print(self._said(now_s), file=self._out)

    def _bar(self) -> str:
        done = CELLS * self._done // self._rows
        return f"[{'#' * done}{'.' * (CELLS - done)}]"

    def _said(self, now_s: float) -> str:
        left_s = (now_s - self._began_s) / self._done * (self._rows - self._done)
        failed = f", {self._failed} failed" if self._failed else ""
        return f"{self._done} of {self._rows} rows{failed}, {_length(left_s)} left"


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
