"""Many movies of one document: what a film for each row costs beside the scenes that change."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks import movies
from benchmarks.rendering import Bench, Run, timed

ROWS = 200
SHAPE = {"resolution": "custom", "width": 1280, "height": 720, "fps": 25}


def rows(bench: Bench) -> None:
    """200 rows that differ in one text of the second scene of four; then all of them again; then
    the 200 changed scenes alone, in one movie.
    """
    table = bench.work / "rows.jsonl"
    table.write_text("".join(f'{{"name": "Customer {row}"}}\n' for row in range(ROWS)))
    first, again = (_bulk(bench, table) for _ in range(2))
    alone = bench.render(
        {**SHAPE, "scenes": [_greeting(f"Customer {row}") for row in range(ROWS)]}, "scenes"
    )
    what = f"a film of 4 scenes for each of {ROWS} rows that differ in a text"
    share = f"{first.cpu_s / alone.cpu_s:.2f} x CPU, {first.wall_s / alone.wall_s:.2f} x wall"
    bench.tell(what, f"{first.wall_s:.1f} s; {share} of the {ROWS} changed scenes in one movie")
    bench.tell("the same rows again", f"{again.wall_s:.2f} s, {again.wall_s / first.wall_s:.3f} x")


def _bulk(bench: Bench, table: Path) -> Run:
    movie = bench.media / f"{bench.work.name}-bulk.json"
    kept = [{"duration": 4, "elements": [element]} for element in (movies.PHOTO, movies.STILL)]
    scenes = [kept[0], _greeting("{{name}}"), kept[1], {"duration": 2}]
    movie.write_text(json.dumps({**SHAPE, "scenes": scenes}))
    command = [str(Path(sys.executable).with_name("resplice")), "bulk", str(movie), str(table)]
    paths = ["-o", str(bench.work / "films"), "--data", str(bench.work / "bulk")]
    run = timed([*command, *paths, "--quiet"])
    movie.unlink()
    return run


def _greeting(name: str) -> movies.Document:
    return {"duration": 2, "elements": [movies.STILL, movies.text(f"Hello {name}")]}
