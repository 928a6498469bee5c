"""Long movies: stretches of sound are joined row by row, then the rows.

FFmpeg opens every input at once, so what one run joins is bounded, whatever the movie's length.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from resplice.core.pieces import RowTask, Stretch

MAX_STRETCHES = 64


def rows(
    stretches: tuple[Stretch, ...], key_of: Callable[[RowTask], str]
) -> tuple[tuple[RowTask, ...], tuple[Stretch, ...]]:
    """(the rows to join first, the stretches that are left to join).

    A row keeps its first stretch's overlap with what comes before it. Short movies need none.
    """
    if len(stretches) <= MAX_STRETCHES:
        return (), stretches
    begins = range(0, len(stretches), MAX_STRETCHES)
    tasks = tuple(_row(stretches[begin : begin + MAX_STRETCHES]) for begin in begins)
    overlaps = (stretches[begin].overlap for begin in begins)
    joined = (
        Stretch(key_of(task), _samples(task), overlap)
        for task, overlap in zip(tasks, overlaps, strict=True)
    )
    return tasks, tuple(joined)


def _row(part: tuple[Stretch, ...]) -> RowTask:
    return RowTask((replace(part[0], overlap=0), *part[1:]))


def _samples(task: RowTask) -> int:
    return sum(stretch.samples - stretch.overlap for stretch in task.stretches)
