"""What the command line shows: a bar on a terminal, plain lines elsewhere. Only prints."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self, TextIO

from resplice.core.prices import FREE, dollars
from resplice.core.report import Report
from resplice.errors import CostRefused
from resplice.steps.execution.progress import SegmentState

if TYPE_CHECKING:
    from resplice.core.plan import Plan

REDRAW_SECONDS = 0.1
RETELL_SECONDS = 5.0
"""Where lines cannot be drawn over."""


class Quiet:
    """A watcher that shows nothing. Leaving it ends what it shows."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...
    def waiting(self) -> None: ...
    def made(self) -> None: ...
    def planned(self, segments: Sequence[SegmentState]) -> None: ...
    def frames(self, key: str, done: int) -> None: ...
    def joining(self) -> None: ...


class Progress(Quiet):
    """One cell for each segment: filled from the cache (=), done (#), in work (>), waiting (.)."""

    def __init__(self, out: TextIO | None = None) -> None:
        """out: standard error, unless another is named."""
        self._out, self._lock = out or sys.stderr, threading.Lock()
        self._live = self._out.isatty()
        self._segments: Sequence[SegmentState] = ()
        self._done: dict[str, int] = {}
        self._elements, self._drawn_at, self._told = 0, time.monotonic(), 0

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self._live:
                self._live, self._segments = False, ()
                self._out.write("\r\x1b[K")
                self._out.flush()

    def waiting(self) -> None:
        self._line("the same movie is being rendered already; waiting for it")

    def made(self) -> None:
        with self._lock:
            self._elements += 1
            if self._live:
                self._draw(f"elements {self._elements}")
            elif time.monotonic() - self._drawn_at > RETELL_SECONDS:
                self._drawn_at = time.monotonic()
                print(f"{self._elements} elements so far", file=self._out)

    def planned(self, segments: Sequence[SegmentState]) -> None:
        self._segments = segments
        results = {segment.key: segment.result for segment in segments}
        hits = [*results.values()].count("hit")
        self._line(f"{self._elements} elements; {len(results)} segments, {hits} from the cache")
        self._elements = 0  # A new attempt begins again.

    def frames(self, key: str, done: int) -> None:
        with self._lock:
            self._done[key] = max(done, self._done.get(key, 0))
            if self._live and time.monotonic() - self._drawn_at > REDRAW_SECONDS:
                if self._segments:
                    self._draw(self._bar())
            elif not self._live:
                self._tell_done()

    def joining(self) -> None:
        self._line("stitching")

    def _tell_done(self) -> None:
        finished = sum(each.frames <= self._done.get(each.key, 0) for each in self._todo())
        if finished > self._told:
            self._told = finished
            print(f"rendered {finished} of {len(self._todo())} segments", file=self._out)

    def _todo(self) -> list[SegmentState]:
        return list({each.key: each for each in self._segments if each.result != "hit"}.values())

    def _bar(self) -> str:
        todo = sum(each.frames for each in self._todo())
        done = sum(min(each.frames, self._done.get(each.key, 0)) for each in self._todo())
        cells = "".join(map(self._cell, self._segments))
        room = max(10, shutil.get_terminal_size().columns - 30)
        if len(cells) > room:
            cells = "".join(cells[i * len(cells) // room] for i in range(room))
        return f"[{cells}] {done * 100 // max(1, todo):3d}% of {todo} frames"

    def _cell(self, segment: SegmentState) -> str:
        if segment.result == "hit":
            return "="
        done = self._done.get(segment.key, 0)
        return "#" if done >= segment.frames else ">" if done else "."

    def _line(self, text: str) -> None:
        with self._lock:
            if self._live:
                self._out.write("\r\x1b[K")
            print(text, file=self._out)

    def _draw(self, text: str) -> None:
        self._drawn_at = time.monotonic()
        self._out.write(f"\r\x1b[K{text}")
        self._out.flush()


def summary(report: Report) -> str:
    """The report in a few lines for a person."""
    lines = [f"movie    {report.result:7} {report.key}"]
    for scene in report.scenes:
        counts = scene.segments
        parts = f"{counts['hit']} of {counts['hit'] + counts['miss']} segments from the cache"
        lines.append(f"scene {scene.scene:<3}{scene.result:7} {parts}; {scene.reason}")
    for transition in report.transitions:
        lines.append(f"into {transition.into_scene:<4}{transition.result:7} transition")
    made = [element for element in report.elements if element.result != "hit"]
    if report.elements:
        kept = len(report.elements) - len(made)
        lines.append(f"elements {kept} from the cache, {len(made)} made")
    if report.spent != FREE or report.spared != FREE:
        unknown = report.spent.unknown + report.spared.unknown
        more = f"; the price of {unknown} is not known" if unknown else ""
        paid, spared = dollars(report.spent.micro_usd), dollars(report.spared.micro_usd)
        lines.append(f"paid     {paid}, and {spared} spared by the cache, by list prices{more}")
    lines += [f"warning: {warning}" for warning in report.all_warnings]
    if report.timings_ms:
        times = ", ".join(f"{stage} {ms} ms" for stage, ms in report.timings_ms.items())
        lines.append(f"took     {times}")
    return "\n".join(lines)


def plan_text(plan: Plan, report: Report) -> str:
    """What would be rendered, for --plan."""
    fps = plan.timeline.canvas.fps
    size = f"{plan.timeline.canvas.width}x{plan.timeline.canvas.height}"
    head = f"{size}, {fps} fps, {plan.timeline.frames / fps:.3f} s ({plan.timeline.frames} frames)"
    return f"{head}\n{summary(report)}"


def unplanned_text(refused: CostRefused) -> str:
    """What would be paid, for --plan: lengths, and so the plan, are known only after that."""
    _, *parts = refused.problems
    lines = ["what would be paid to providers, by their list prices:"]
    lines += [f"  {part.message}" for part in parts]
    lines.append(f"  in all {refused.in_all}")
    return "\n".join(
        [*lines, "how long the movie is, and so its plan, is known once these are made"]
    )
