"""Answers: what providers were asked for and gave for an element, kept so that nobody pays twice.

They lie beside the element, under keys of their own that its owner alone has, until it is purged.
Nothing is asked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resplice.core.keys import said_key
from resplice.core.tasks import SpeakTask, Task
from resplice.ports import Ports


def noted(key: str, ports: Ports) -> Mapping[str, Any]:
    """What was noted of asking for the element of that key; nothing when nobody asked yet."""
    return ports.cache_index.pointer(_asked_key(key)) or {}


def note(key: str, ports: Ports, **said: Any) -> None:
    """Only who holds the lease of the task does this, so what is noted later is newer."""
    ports.cache_index.point(_asked_key(key), said)


def answer_keys(task: Task, key: str, ports: Ports) -> tuple[str, ...]:
    """Where all lies that is kept for the element, but for itself. key: its own."""
    whole = [said_key(task, ports.tools)] if isinstance(task, SpeakTask) else []
    return (*whole, *noted(key, ports).get("parts", ()), _asked_key(key))


def _asked_key(key: str) -> str:
    return f"elements/asked/{key.rpartition('/')[2]}"
