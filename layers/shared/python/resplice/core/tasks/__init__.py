"""Kinds of work: TASKS, the one table. A task is a frozen value that says what is to be made.

To add a kind: write its class in a file here, a frozen dataclass on Task, whose fields hold all
that decides the bytes: the key is made of them. Import it below and add a row to TASKS. Then write
who makes it: see steps/makers. An element asks for a task in its needs.py: see core/elements.

Nothing here knows who does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from resplice.core.bill import Bill
from resplice.core.media import pinned
from resplice.core.tagged import tag_of
from resplice.core.tasks.animate import AnimateTask
from resplice.core.tasks.captions import CaptionsTask
from resplice.core.tasks.fetch import FetchTask
from resplice.core.tasks.font import FontTask
from resplice.core.tasks.generate import GenerateTask
from resplice.core.tasks.paint import PaintTask
from resplice.core.tasks.speak import SpeakTask
from resplice.core.tasks.task import Task
from resplice.core.tasks.transcribe import TranscribeTask
from resplice.core.tasks.web_page import WebPageTask
from resplice.frozen import frozen

__all__ = [
    "TASKS",
    "AnimateTask",
    "CaptionsTask",
    "FetchTask",
    "FontTask",
    "GenerateTask",
    "PaintTask",
    "SpeakTask",
    "Task",
    "TaskKind",
    "TranscribeTask",
    "WebPageTask",
    "kind_of",
    "pinned_task",
]


def _for_nothing(task: Any) -> Bill | None:
    return None


@frozen
class TaskKind:
    """A kind of work.

    name     its part of a key: `elements/<name>/…`
    type     the class of its tasks
    version  raise it when the same task starts to mean other bytes, or its pointer another form
    salts    which of the tools (fields of core.tools.Tools) make the bytes, and so salt the key
    bill     (task): what a provider will bill for, as far as that is known before it is made
    urls     fields that hold URLs of files, alone or in markup
    address  the field that holds what the bytes are downloaded from
    told     fields that say who makes the bytes, and of what, to anybody: see core.provenance
    """

    name: str
    type: type[Task]
    version: int
    salts: tuple[str, ...] = ()
    bill: Callable[[Any], Bill | None] = _for_nothing
    urls: tuple[str, ...] = ()
    address: str = ""
    told: tuple[str, ...] = ()


_SPEAKER = ("provider", "voice", "model", "language", "build")
_LISTENER = ("provider", "model", "language", "build")

TASKS: dict[str, TaskKind] = {
    kind.name: kind
    for kind in (
        TaskKind("fetch", FetchTask, version=3, urls=("url",), address="url"),
        TaskKind("font", FontTask, version=1, address="source", told=("family", "weight")),
        TaskKind("captions", CaptionsTask, version=1, urls=("url",), address="url"),
        TaskKind("speak", SpeakTask, version=3, bill=SpeakTask.bill, told=_SPEAKER),
        TaskKind("transcribe", TranscribeTask, version=1, bill=TranscribeTask.bill, told=_LISTENER),
        TaskKind(
            "generate",
            GenerateTask,
            version=1,
            bill=GenerateTask.bill,
            told=("provider", "model"),
        ),
        TaskKind("paint", PaintTask, version=3, salts=("browser",)),
        TaskKind("animate", AnimateTask, version=1, salts=("browser",)),
        TaskKind(
            "web-page",
            WebPageTask,
            version=1,
            salts=("browser",),
            urls=("url", "html", "css"),
            address="url",
        ),
    )
}
"""Every kind of work, by its name."""


def pinned_task(task: Task, versions: Mapping[str, str]) -> Task:
    """The task with the URLs of media files pinned. versions: as of core.media.pinned."""
    if not versions:
        return task
    said = {name: pinned(getattr(task, name), versions) for name in kind_of(task).urls}
    return replace(task, **said) if said else task


def kind_of(task: Task) -> TaskKind:
    """The row of the task's class. Raises TypeError for a class without one."""
    return TASKS[tag_of(task)]
