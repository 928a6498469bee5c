"""What a look at something here found: whether it works, in words, and what to do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, SimpleQueue
from time import monotonic

from resplice.frozen import frozen

OK, WARN, BROKEN = "ok", "warn", "broken"
TOO_LATE = "it takes longer than {:g} s"
REPORT = "look at what is said above it on this terminal; if it stays, tell the maintainers"


@frozen
class Finding:
    """how: OK, WARN (all works, but look at it) or BROKEN. mend: what to do, empty where it works.

    name: of what was looked at.
    """

    name: str
    how: str
    said: str
    mend: str = ""


@frozen
class Check:
    """One look. look: gives what it finds, or raises: then that is broken, and mend says what to
    do. within_s: how long it may take. end: ends what look has begun and nobody waits for any more.
    """

    name: str
    look: Callable[[], Iterable[Finding]]
    mend: str
    within_s: float = 30.0
    end: Callable[[], object] = lambda: None

    def findings(self) -> Iterator[Finding]:
        """As they come. Never raises, and takes no longer than it may."""
        found = SimpleQueue[Finding | None]()
        threading.Thread(target=self._look, args=(found,), name=self.name, daemon=True).start()
        try:
            yield from self._found(found, monotonic() + self.within_s)
        finally:
            self.end()

    def _found(self, found: SimpleQueue[Finding | None], deadline_s: float) -> Iterator[Finding]:
        while True:
            try:
                finding = found.get(timeout=max(0.0, deadline_s - monotonic()))
            except Empty:
                yield Finding(self.name, BROKEN, TOO_LATE.format(self.within_s), self.mend)
                return
            if finding is None:
                return
            yield finding

    def _look(self, found: SimpleQueue[Finding | None]) -> None:
        try:
            for finding in self.look():
                found.put(finding)
        except Exception as error:
            found.put(Finding(self.name, BROKEN, _in_words(error), self.mend or REPORT))
        found.put(None)


def _in_words(error: Exception) -> str:
    """One line, whatever it is."""
    said = " ".join(str(getattr(error, "strerror", None) or error).split())[:400]
    file = getattr(error, "filename", None)
    return f"{file}: {said}" if file else said or type(error).__name__
