"""Ports whose adapters are imported and made when they are first used.

A movie that comes from the cache is neither painted nor rendered: the code that would do it is a
third of what there is to load.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


def late(make: Callable[[], T]) -> T:
    """What stands for the result of make, which is called once, by whichever thread is first."""
    return cast(T, _Late(make))


class _Late(Generic[T]):
    def __init__(self, make: Callable[[], T]) -> None:
        self._make, self._made, self._alone = make, cast(T, None), Lock()
        self._closed = False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # Who copies or pickles it asks before anything is there.
        with self._alone:
            if self._made is None:
                if self._closed:
                    raise RuntimeError(f"{name} of what is closed")
                self._made = self._make()
        return getattr(self._made, name)

    def close(self) -> None:
        """What was never made has nothing to close, and is not made from then on."""
        with self._alone:
            self._closed = True
            if self._made is not None:
                cast(Any, self._made).close()
