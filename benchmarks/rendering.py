"""Rendering: against one hand-written FFmpeg graph, and against itself with and without caches."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import movies

ROUNDS = 3


@dataclass
class Bench:
    """Where things lie, and what was measured so far."""

    root: Path
    media: Path
    work: Path
    rows: list[tuple[str, str]] = field(default_factory=list)

    def tell(self, what: str, measured: str) -> None:
        self.rows.append((what, measured))
        print(f"{what}: {measured}", flush=True)

    def table(self) -> str:
        lines = ["| measured | result |", "|---|---|"]
        return "\n".join([*lines, *(f"| {what} | {found} |" for what, found in self.rows)]) + "\n"

    def render(self, document: movies.Document, data: str) -> Run:
        """Render with the command line, in a process of its own, as a user would."""
        movie = self.media / f"{self.work.name}-movie.json"
        movie.write_text(json.dumps(document))
        report = self.work / "report.json"
        command = [str(Path(sys.executable).with_name("resplice")), "render", str(movie), "--quiet"]
        paths = ["-o", str(self.work / "out.mp4"), "--data", str(self.work / data)]
        run = timed([*command, *paths, "--report", str(report)])
        movie.unlink()
        return Run(run.wall_s, run.cpu_s, run.peak_mib, json.loads(report.read_text()))


@dataclass(frozen=True)
class Run:
    """One run: wall and CPU seconds, the largest process in MiB, and the cache report."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    report: dict[str, Any] = field(default_factory=dict)

    def rendered(self) -> int:
        """Scenes that were not taken from the cache."""
        return sum(scene["result"] != "hit" for scene in self.report["scenes"])


def timed(command: list[str]) -> Run:
    """Run it and its children to the end."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    wall_s = time.monotonic() - started
    return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def cold(bench: Bench) -> None:
    """12 s, three scenes, 1080p30: from nothing, against one graph, in turns; then again."""
    ours, theirs, again = [], [], []
    graph = [
        sys.executable,
        "-m",
        "benchmarks.one_graph",
        str(bench.media),
        str(bench.work / "g.mp4"),
    ]
    for _ in range(ROUNDS):
        theirs.append(timed(graph))
        shutil.rmtree(bench.work / "cold", ignore_errors=True)
        ours.append(bench.render(movies.three_scenes(), "cold"))
        again.append(bench.render(movies.three_scenes(), "cold"))
    wall, cpu = ratio(ours, theirs, "wall_s"), ratio(ours, theirs, "cpu_s")
    seconds = f"{median(ours):.1f} s and {median(theirs):.1f} s"
    bench.tell("cold, against one FFmpeg graph", f"{wall:.2f} x wall, {cpu:.2f} x CPU ({seconds})")
    hit = ratio(again, ours, "wall_s")
    bench.tell("the same again, against cold", f"{hit:.3f} x ({median(again):.2f} s, a movie hit)")


def edits(bench: Bench) -> None:
    """60 s, 12 scenes: one text edited, two scenes swapped, the music changed."""
    document = movies.scenes(12)
    first = bench.render(document, "edits")
    bench.tell("60 s of 12 scenes, cold", f"{first.wall_s:.1f} s")
    swapped = json.loads(json.dumps(document))
    swapped["scenes"][4], swapped["scenes"][5] = swapped["scenes"][5], swapped["scenes"][4]
    for what, edited in (
        ("one text edited", movies.scenes(12, edited=5)),
        ("two scenes swapped", swapped),
        ("the music changed", movies.scenes(12, music="other.mp3")),
        ("nothing changed", document),
    ):
        run = bench.render(edited, "edits")
        share = f"{run.wall_s / first.wall_s:.3f} x cold, {run.wall_s:.2f} s"
        bench.tell(what, f"{run.rendered()} scenes rendered, {share}")


def memory(bench: Bench) -> None:
    """The largest process while 1 and 10 minutes are rendered; small pictures, to be quick."""
    peaks = []
    for minutes in (1, 10):
        document = movies.scenes(12 * minutes) | {"quality": "low", "resolution": "custom"}
        run = bench.render(document | {"width": 640, "height": 360}, f"memory-{minutes}")
        peaks.append(f"{run.peak_mib:.0f} MiB for {minutes} min")
    bench.tell("largest process", ", ".join(peaks))


def median(runs: list[Run]) -> float:
    return statistics.median(run.wall_s for run in runs)


def ratio(ours: list[Run], theirs: list[Run], name: str) -> float:
    """The median of the ratios of runs made side by side."""
    pairs = zip(ours, theirs, strict=True)
    return float(
        statistics.median(getattr(one, name) / getattr(other, name) for one, other in pairs)
    )
