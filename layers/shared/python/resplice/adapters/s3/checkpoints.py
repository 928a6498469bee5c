"""Checkpoints as JSON objects, for runs whose steps are in different places.

They lie below runs/, where the bucket's lifecycle removes them after a few days. Why a task failed
lies below scenes/failed/: who renders scenes may write nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from resplice.core.fingerprint import fingerprint
from resplice.errors import NotFound
from resplice.ports.objects import Objects
from resplice.ports.scratch import Scratch


class ObjectCheckpoints:
    """Implements ports.checkpoints.Checkpoints on any Objects."""

    def __init__(self, objects: Objects, scratch: Scratch, writers: Executor) -> None:
        """writers: threads for values that are saved side by side, as there may be thousands."""
        self._objects, self._scratch, self._writers = objects, scratch, writers

    def save(self, run: str, name: str, value: Any, kind: Any) -> str:
        key = key_of(run, name)
        self._put(key, _adapter(kind).dump_json(value, by_alias=True, exclude_unset=True))
        return key

    def save_all(self, run: str, values: Mapping[str, Any], kind: Any) -> None:
        for _ in self._writers.map(lambda name: self.save(run, name, values[name], kind), values):
            pass

    def load(self, run: str, name: str, kind: Any) -> Any:
        with self._objects.open(key_of(run, name)) as path:
            return _adapter(kind).validate_json(path.read_bytes())

    def has(self, run: str, name: str) -> bool:
        return self._objects.head(key_of(run, name)) is not None

    def fail(self, run: str, name: str, message: str) -> None:
        self._put(f"scenes/failed/{_name_of(run)}/{name}", message.encode())

    def failure(self, run: str) -> str | None:
        for stored in self._objects.list(f"scenes/failed/{_name_of(run)}/"):
            try:
                with self._objects.open(stored.key) as path:
                    return path.read_text("utf-8")
            except NotFound:
                continue
        return None

    def forget(self, run: str) -> None:
        """The lifecycle does."""

    def _put(self, key: str, data: bytes) -> None:
        with self._scratch.scratch() as folder:
            path = folder / "value"
            path.write_bytes(data)
            self._objects.put(key, path, {})


def key_of(run: str, name: str) -> str:
    """The object that holds a value of a run."""
    return f"runs/{_name_of(run)}/{name}"


def _name_of(run: str) -> str:
    """Any text as a part of a key."""
    return fingerprint("run", run)[:32]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
