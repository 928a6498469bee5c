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
from typing import IO, Any

from resplice.core.composition import Canvas
from resplice.core.filtergraph.segment import encoding
from resplice.core.pieces import PROFILES

from benchmarks import media, movies

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

    def render(self, document: movies.Document, data: str, *more: str) -> Run:
        """Render with the command line, in a process of its own, as a user would. more: options."""
        movie = self.media / f"{self.work.name}-movie.json"
        movie.write_text(json.dumps(document))
        report = self.work / "report.json"
        command = [str(Path(sys.executable).with_name("resplice")), "render", str(movie), "--quiet"]
        paths = ["-o", str(self.work / "out.mp4"), "--data", str(self.work / data)]
        run = timed([*command, *paths, "--report", str(report), *more])
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


def timed(command: list[str], stdin: IO[bytes] | None = None) -> Run:
    """Run it and its children to the end."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    wall_s = time.monotonic() - started
    return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def cold(bench: Bench) -> None:
    """12 s, three scenes, 1080p30, a clip of real weight, all over HTTP: from nothing, against one
    graph and against the encoder alone, in turns; then again.
    """
    ours, theirs, encoder, again = list[Run](), list[Run](), list[Run](), list[Run]()
    with media.at(bench.media) as base:
        document, host = movies.at(base, movies.heavy()), media.host_of(base)
        for _ in range(ROUNDS):
            theirs.append(timed([*_rival("one_graph"), base, str(bench.work / "g.mp4")]))
            shutil.rmtree(bench.work / "cold", ignore_errors=True)
            ours.append(bench.render(document, "cold", "--allow-source", host))
            encoder.append(_encoded_again(bench.work / "out.mp4"))
            again.append(bench.render(document, "cold", "--allow-source", host))
    bench.tell("cold, against one FFmpeg graph", beside(ours, theirs))
    alone = f"{ratio(ours, encoder, 'cpu_s'):.2f} x CPU ({median(encoder, 'cpu_s'):.1f} s)"
    bench.tell("the same, against its frames encoded once more", alone)
    hit = ratio(again, ours, "wall_s")
    bench.tell("the same again, against cold", f"{hit:.3f} x ({median(again):.2f} s, a movie hit)")


def slides(bench: Bench) -> None:
    """Ten stills of 6 s with captions, against one graph, in turns."""
    ours, theirs = list[Run](), list[Run]()
    for _ in range(ROUNDS):
        graph = _rival("slides_graph")
        theirs.append(timed([*graph, f"{bench.media}/", str(bench.work / "g.mp4")]))
        shutil.rmtree(bench.work / "slides", ignore_errors=True)
        ours.append(bench.render(movies.slides(), "slides"))
    bench.tell("ten stills of 6 s with captions, against one graph", beside(ours, theirs))


def layers(bench: Bench) -> None:
    """4 s, 1080p30, with six pictures that travel and two clips that turn over a third."""
    run = bench.render(movies.layered(), "layers")
    told = f"{run.wall_s:.1f} s, {run.cpu_s:.1f} s of CPU"
    bench.tell("4 s of six travelling pictures and two turning clips over a clip", told)


def many(bench: Bench) -> None:
    """300 scenes of a second with a text each, 720p30; then one of them is edited."""
    first = bench.render(movies.many(), "many")
    edited = bench.render(movies.many(edited=150), "many")
    told = f"{first.wall_s:.1f} s; {edited.wall_s:.2f} s, {edited.rendered()} scene rendered"
    bench.tell("300 scenes of 1 s with a text, 720p, cold; one of them edited", told)


def _rival(name: str) -> list[str]:
    return [sys.executable, "-m", f"benchmarks.{name}"]


def _encoded_again(movie: Path) -> Run:
    """What the encoder takes for these frames, decoded beside it."""
    read = ["-v", "error", "-i", str(movie), "-map", "0:v", "-f", "yuv4mpegpipe", "-"]
    coded = encoding(PROFILES["high"], Canvas(1920, 1080, 30))
    with subprocess.Popen([media.FFMPEG, *read], stdout=subprocess.PIPE) as decoder:
        argv = ["-v", "error", "-y", "-i", "-", *coded, str(movie.with_suffix(".again.mp4"))]
        return timed([media.FFMPEG, *argv], stdin=decoder.stdout)


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


def beside(ours: list[Run], theirs: list[Run]) -> str:
    """Ratios, and the seconds of both."""
    told = [
        f"{ratio(ours, theirs, name):.2f} x {what} ({median(ours, name):.1f} and"
        f" {median(theirs, name):.1f} s)"
        for name, what in (("wall_s", "wall"), ("cpu_s", "CPU"))
    ]
    return ", ".join(told)


def median(runs: list[Run], name: str = "wall_s") -> float:
    return float(statistics.median(getattr(run, name) for run in runs))


def ratio(ours: list[Run], theirs: list[Run], name: str) -> float:
    """The median of the ratios of runs made side by side."""
    pairs = zip(ours, theirs, strict=True)
    return float(
        statistics.median(getattr(one, name) / getattr(other, name) for one, other in pairs)
    )
