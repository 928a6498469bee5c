"""Checkpoints: what one step of a run leaves for the next, wherever that runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Checkpoints(Protocol):
    """Values of a run by name: frozen dataclasses, pydantic models, plain values.

    What is saved is loaded as an equal value, also by another process when the steps of a run are
    in several. Saving under a name again replaces the value. run: any text; name: [a-z0-9-].
    """

    def save(self, run: str, name: str, value: Any, kind: Any) -> str:
        """Save the value, which is of that kind; where it lies. Raises StorageError."""
        ...

    def save_all(self, run: str, values: Mapping[str, Any], kind: Any) -> None:
        """Save many values of one kind by name. Raises StorageError."""
        ...

    def load(self, run: str, name: str, kind: type[T]) -> T:
        """Raises NotFound when nothing was saved under the name, StorageError."""
        ...

    def has(self, run: str, name: str) -> bool: ...

    def fail(self, run: str, name: str, message: str) -> None:
        """Note why the task of that name can only fail again."""
        ...

    def failure(self, run: str) -> str | None:
        """One of the messages that were noted; None when there is none."""
        ...

    def forget(self, run: str) -> None:
        """The run has ended: nothing of it is asked for again."""
        ...


class Held(Checkpoints, Protocol):
    """Checkpoints that others do not see before they are put down. Why a task failed they never
    see.
    """

    def put_down(self, run: str, wanted: Callable[[str], bool]) -> None:
        """Store what is held under the names that are wanted, once. Raises StorageError."""
        ...
