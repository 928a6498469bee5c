"""What `resplice watch` says of a save, in a line. Only text in and out."""

from __future__ import annotations

from collections.abc import Sequence

from resplice.core.report import Report

SHOWN = 3
"""Changes in the line: a find-and-replace has hundreds."""


def change_text(changes: Sequence[str] | None) -> str:
    """changes: since the film that is shown; None when there is none."""
    if changes is None:
        return "the first film"
    if not changes:
        return "nothing changed that is seen or heard"
    more = [f"and {len(changes) - SHOWN} more"] if len(changes) > SHOWN else []
    return "; ".join([*changes[:SHOWN], *more])


def work_text(report: Report) -> str:
    """What was made, and what was reused."""
    if report.result in ("hit", "joined"):
        return "the whole film was there"
    scenes = [scene.result != "hit" for scene in report.scenes]
    elements = [*{each.key: each.result != "hit" for each in report.elements}.values()]
    joins = [each.result != "hit" for each in report.transitions]
    made = [f"rendered {sum(scenes)} of {_counted(len(scenes), 'scene')}"]
    if any(joins):
        made.append(_counted(sum(joins), "transition"))
    if any(elements):
        made.append(f"made {_counted(sum(elements), 'element')}")
    kept = scenes.count(False), elements.count(False)
    names = zip(kept, ("scene", "element"), strict=True)
    reused = " and ".join(_counted(count, name) for count, name in names if count)
    return ", ".join([*made, f"reused {reused or 'nothing'}"])


def save_text(changes: Sequence[str] | None, report: Report, took_s: float) -> str:
    return f"{change_text(changes)}: {work_text(report)}, {took_s:.1f} s"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
