"""`make bench`: runs every measurement and prints one table. About twelve minutes on two cores."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    bulk,
    encoding,
    fairness,
    media,
    memory,
    motion,
    painting,
    rendering,
    serving,
    speaking,
    studio,
    takes,
    watching,
)

ROOT = Path(__file__).resolve().parents[1]
MEASUREMENTS: dict[str, Callable[[rendering.Bench], None]] = {
    "cold": rendering.cold,
    "slides": rendering.slides,
    "edits": rendering.edits,
    "layers": rendering.layers,
    "many": rendering.many,
    "watch": watching.edits,
    "bulk": bulk.rows,
    "memory": memory.memory,
    "motion": motion.moving,
    "painting": painting.painting,
    "narration": speaking.narration,
    "subtitles": speaking.subtitles,
    "serve": serving.hits,
    "forecast": serving.forecasts,
    "takes": takes.forecasts,
    "stills": serving.stills,
    "studio": studio.first_paint,
    "table": serving.table,
    "fairness": fairness.beside_others,
    "crowd": serving.crowd,
    "equals": serving.equals,
    "hostile": serving.hostile,
}
ASKED_FOR: dict[str, Callable[[rendering.Bench], None]] = {"encoding": encoding.table}
"""Long, and for who thinks of changing what it compares."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    measurements = MEASUREMENTS | ASKED_FOR
    parser.add_argument("names", nargs="*", metavar="|".join(measurements))
    chosen = parser.parse_args().names or list(MEASUREMENTS)
    folder = ROOT / "build" / "bench"
    media.make(folder)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        bench = rendering.Bench(ROOT, folder, Path(work))
        for name in chosen:
            measurements[name](bench)
    if bench.rows:
        (folder / "results.md").write_text(bench.table())


if __name__ == "__main__":
    main()
