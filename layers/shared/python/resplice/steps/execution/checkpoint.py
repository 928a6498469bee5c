"""Handover: what one step of a run leaves for the next, as JSON objects of the run's own.

Steps that run in different places hand on names only; values of any size lie here. Writing twice
is writing once, so a step that is repeated does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter

from resplice.core.fingerprint import fingerprint
from resplice.ports import Ports

T = TypeVar("T")

MAX_INLINE = 40
"""Tasks that travel in the workflow's state; more are read from where they lie."""


def key(run: str, name: str) -> str:
    """Where the object lies. run: any text; keys take less than that."""
    return f"runs/{fingerprint('run', run)[:32]}/{name}"


def leave(run: str, name: str, value: Any, kind: Any, ports: Ports) -> str:
    """Write the value; its key. kind: its type, whose values survive JSON. Raises StorageError."""
    place = key(run, name)
    with ports.scratch.scratch() as folder:
        path = folder / "value.json"
        path.write_bytes(TypeAdapter(kind).dump_json(value))
        ports.objects.put(place, path, {})
    return place


def leave_all(run: str, values: Mapping[str, Any], kind: Any, ports: Ports) -> None:
    """Write many values of one type, by name: side by side, as there may be thousands."""
    for _ in ports.fetchers.map(lambda name: leave(run, name, values[name], kind, ports), values):
        pass


def left(run: str, name: str, kind: type[T], ports: Ports) -> T:
    """What was left. Raises NotFound, StorageError."""
    with ports.objects.open(key(run, name)) as path:
        value: T = TypeAdapter(kind).validate_json(path.read_bytes())
    return value


def tasks_state(
    run: str, name: str, tasks: list[dict[str, Any]], ports: Ports, **more: int
) -> dict[str, Any]:
    """The state of the workflow that says what is to be done next."""
    return {
        "project": run,
        **more,
        "count": len(tasks),
        "tasks": tasks if len(tasks) <= MAX_INLINE else [],
        "items": leave(run, name, tasks, list[dict[str, Any]], ports) if tasks else "",
    }


def has(run: str, name: str, ports: Ports) -> bool:
    return ports.objects.head(key(run, name)) is not None
