"""The trace: what was done when, for a picture of how a render spends its time."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Trace(Protocol):
    """Hears of work while it is done. Safe to use from many threads."""

    def span(self, what: str, kind: str) -> AbstractContextManager[None]:
        """Work that lasts as long as the context, in this thread.

        what: in words, such as "scene 3, body". kind: step, element, piece or part.
        """
        ...


class Untraced:
    """Implements Trace for nobody."""

    def span(self, what: str, kind: str) -> AbstractContextManager[None]:
        return nullcontext()
