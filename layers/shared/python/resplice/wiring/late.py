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
        self._make, self._made, self._making = make, cast(T, None), Lock()

    def __getattr__(self, name: str) -> Any:
        with self._making:
            if self._made is None:
                self._made = self._make()
        return getattr(self._made, name)

    def close(self) -> None:
        """What was never made has nothing to close."""
        if self._made is not None:
            cast(Any, self._made).close()
