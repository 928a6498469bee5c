"""Memory: what the processes of one render hold together at their most, and who holds it.

A page that several processes have in common counts once (PSS, of /proc/*/smaps_rollup; Linux).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from resplice.core.plan import MAX_LAYERS

from benchmarks import media, movies
from benchmarks.rendering import ROUNDS, Bench

PAUSE_SECONDS = 0.1
RESPLICE, CHROMIUM, FFMPEG, MOTION, OTHER = "resplice", "the browser", "FFmpeg", "motion", "others"

Held = Mapping[str, float]
"""MiB by who holds them."""


def memory(bench: Bench) -> None:
    longer_films(bench)
    many_layers(bench)
    first_film(bench)


def longer_films(bench: Bench) -> None:
    """The largest process while 1 and 10 minutes are rendered; small pictures, to be quick."""
    peaks = []
    for minutes in (1, 10):
        document = movies.scenes(12 * minutes) | {"quality": "low", "resolution": "custom"}
        run = bench.render(document | {"width": 640, "height": 360}, f"memory-{minutes}")
        peaks.append(f"{run.peak_mib:.0f} MiB for {minutes} min")
    bench.tell("largest process", ", ".join(peaks))


def many_layers(bench: Bench) -> None:
    """The largest process for a scene with as many pictures as one may have; a few frames."""
    run = bench.render(movies.pictures(MAX_LAYERS), "memory-layers")
    bench.tell(f"the same for a scene of {MAX_LAYERS} pictures", f"{run.peak_mib:.0f} MiB")


def first_film(bench: Bench) -> None:
    """All processes together while the film of `cold` is made, beside the largest of each kind."""
    peaks = list[Held]()
    with media.at(bench.media) as base:
        document, host = movies.at(base, movies.heavy()), media.host_of(base)
        for _ in range(ROUNDS):
            shutil.rmtree(bench.work / "together", ignore_errors=True)
            peaks.append(_peak(bench, document, host))
    middle = sorted(peaks, key=_sum)[len(peaks) // 2]
    parts = ", ".join(f"{who} {mib:.0f}" for who, mib in middle.items() if mib >= 1)
    bench.tell("all processes together, the 12 s of `cold`", f"{_sum(middle):.0f} MiB ({parts})")


def family(pid: int) -> Iterator[int]:
    """That process, and all that it and they started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                yield from family(int(child))


def _peak(bench: Bench, document: movies.Document, host: str) -> Held:
    movie = bench.work / "together.json"
    movie.write_text(json.dumps(document))
    command = [str(Path(sys.executable).with_name("resplice")), "render", str(movie), "--quiet"]
    command += ["-o", str(bench.work / "out.mp4"), "--data", str(bench.work / "together")]
    peak: Held = {}
    with subprocess.Popen([*command, "--allow-source", host]) as process:
        while process.poll() is None:
            peak = max(peak, _held(process.pid), key=_sum)
            time.sleep(PAUSE_SECONDS)
    if process.returncode:
        raise SystemExit(f"failed: {' '.join(command)}")
    return peak


def _held(pid: int) -> Held:
    held: dict[str, float] = {}
    for each in family(pid):
        with suppress(OSError):
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
            pss_kib = next(line.split()[1] for line in rollup.splitlines() if line[:4] == "Pss:")
            who = RESPLICE if each == pid else _kind(each)
            held[who] = held.get(who, 0) + int(pss_kib) / 1024
    return held


def _kind(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    program = Path(words[0]).name
    if "chrom" in program:
        return CHROMIUM
    if "ffmpeg" in program:
        return FFMPEG
    return MOTION if "resplice.adapters.ffmpeg.motion" in words else OTHER


def _sum(held: Held) -> float:
    return sum(held.values())
