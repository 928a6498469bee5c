"""Checkpoints in memory, for runs whose steps are all in this process.

A process that dies loses them, and the run begins anew from its document: what it finished is in
the cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from resplice.errors import NotFound

T = TypeVar("T")


class MemoryCheckpoints:
    """Implements ports.checkpoints.Checkpoints. Values are immutable, so none is copied."""

    def __init__(self) -> None:
        self._runs: dict[str, dict[str, Any]] = {}
        self._failures: dict[str, dict[str, str]] = {}

    def save(self, run: str, name: str, value: Any, kind: Any) -> str:
        self._runs.setdefault(run, {})[name] = value
        return name

    def save_all(self, run: str, values: Mapping[str, Any], kind: Any) -> None:
        self._runs.setdefault(run, {}).update(values)

    def load(self, run: str, name: str, kind: type[T]) -> T:
        try:
            value: T = self._runs[run][name]
        except KeyError:
            raise NotFound(f"the run {run} has no {name}") from None
        return value

    def has(self, run: str, name: str) -> bool:
        return name in self._runs.get(run, ())

    def fail(self, run: str, name: str, message: str) -> None:
        self._failures.setdefault(run, {})[name] = message

    def failure(self, run: str) -> str | None:
        return next(iter(self._failures.get(run, {}).values()), None)

    def forget(self, run: str) -> None:
        self._runs.pop(run, None)
        self._failures.pop(run, None)
