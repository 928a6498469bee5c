"""What every kind of work has in common: it is a frozen value that travels as tagged JSON."""

from __future__ import annotations

from collections.abc import Mapping

from resplice.core.tagged import Tagged
from resplice.frozen import frozen


@frozen
class Task(Tagged):
    """The base of every element task. Every field of a task answers: does it change the bytes?"""

    @classmethod
    def table(cls) -> Mapping[str, type[Task]]:
        from resplice.core.tasks import TASKS  # Late: the table imports every task.

        return {name: kind.type for name, kind in TASKS.items()}

    def told(self, words: str) -> str:
        """A warning of who made it, as it is told to one of those who want it."""
        return words
