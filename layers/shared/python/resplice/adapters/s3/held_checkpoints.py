"""Checkpoints that one process holds, and stores only when another one is to read them.

Made for a run whose steps are in this process as long as nothing else is needed: each value that
is stored is paid for. A process that dies loses what it holds, and the run begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from resplice.adapters.memory.checkpoints import MemoryCheckpoints
from resplice.adapters.s3.checkpoints import ObjectCheckpoints, key_of
from resplice.errors import NotFound


class HeldCheckpoints:
    """Implements ports.checkpoints.Held. What others have stored is loaded too."""

    def __init__(self, stored: ObjectCheckpoints) -> None:
        self._stored, self._held = stored, MemoryCheckpoints()
        self._kinds: dict[str, dict[str, Any]] = {}

    def save(self, run: str, name: str, value: Any, kind: Any) -> str:
        self.save_all(run, {name: value}, kind)
        return key_of(run, name)

    def save_all(self, run: str, values: Mapping[str, Any], kind: Any) -> None:
        self._held.save_all(run, values, kind)
        self._kinds.setdefault(run, {}).update(dict.fromkeys(values, kind))

    def load(self, run: str, name: str, kind: Any) -> Any:
        try:
            return self._held.load(run, name, kind)
        except NotFound:
            return self._stored.load(run, name, kind)

    def has(self, run: str, name: str) -> bool:
        return self._held.has(run, name) or self._stored.has(run, name)

    def fail(self, run: str, name: str, message: str) -> None:
        """It is held for good: elsewhere there may be more time, and more room."""
        self._held.fail(run, name, message)

    def failure(self, run: str) -> str | None:
        return self._held.failure(run) or self._stored.failure(run)

    def forget(self, run: str) -> None:
        self._held.forget(run)
        self._kinds.pop(run, None)

    def put_down(self, run: str, wanted: Callable[[str], bool]) -> None:
        kinds = self._kinds.get(run, {})
        chosen = {name: kind for name, kind in [*kinds.items()] if wanted(name)}
        for kind in {id(kind): kind for kind in chosen.values()}.values():
            names = [name for name, its_kind in chosen.items() if its_kind is kind]
            values = {name: self._held.load(run, name, kind) for name in names}
            self._stored.save_all(run, values, kind)
            for name in names:
                kinds.pop(name, None)
