"""Kinds of work: TASKS, the one table. A task is a frozen value that says what is to be made.

To add a kind: write its class in a file here, a frozen dataclass on Task, whose fields hold all
that decides the bytes: the key is made of them. Import it below and add a row to TASKS. Then write
who makes it: see steps/makers. An element asks for a task in its needs.py: see core/elements.

Nothing here knows who does the work.
"""

from __future__ import annotations

from dataclasses import dataclass

from resplice.core.tagged import tag_of
from resplice.core.tasks.fetch import FetchTask
from resplice.core.tasks.paint import PaintTask
from resplice.core.tasks.task import Task

__all__ = ["TASKS", "FetchTask", "PaintTask", "Task", "TaskKind", "kind_of"]


@dataclass(frozen=True)
class TaskKind:
    """A kind of work.

    name     its part of a key: `elements/<name>/…`
    type     the class of its tasks
    version  raise it when the same task starts to mean other bytes, or its pointer another form
    salts    which of the tools (fields of core.keys.Tools) make the bytes, and so salt the key
    """

    name: str
    type: type[Task]
    version: int
    salts: tuple[str, ...] = ()


TASKS: dict[str, TaskKind] = {
    kind.name: kind
    for kind in (
        TaskKind("fetch", FetchTask, version=3),
        TaskKind("paint", PaintTask, version=3, salts=("browser",)),
    )
}
"""Every kind of work, by its name."""


def kind_of(task: Task) -> TaskKind:
    """The row of the task's class. Raises TypeError for a class without one."""
    return TASKS[tag_of(task)]
