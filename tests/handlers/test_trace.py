"""`resplice render --trace`: what was done when, for a viewer of performance."""

from __future__ import annotations

import json
import os
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

from studio import movie, picture, resplice, still, written


def traced(folder: Path, *words: Any) -> list[dict[str, Any]]:
    ran = resplice(
        "render", folder / "movie.json", *words, "--trace", folder / "trace.json", cwd=folder
    )
    assert ran.returncode == 0, ran.stderr
    events: list[dict[str, Any]] = json.loads((folder / "trace.json").read_text())["traceEvents"]
    return events


def spans(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return sorted((e for e in events if e.get("cat") == kind), key=lambda e: e["ts"])


def test_every_step_element_and_piece_is_told_with_its_time(tmp_path: Path) -> None:
    (tmp_path / "red.png").write_bytes(picture("red"))
    (tmp_path / "blue.png").write_bytes(picture("blue"))
    enters = {"transition": {"style": "fade", "duration": 0.2}}
    written(tmp_path / "movie.json", movie(still("red.png", 1), still("blue.png", 1) | enters))
    events = traced(tmp_path, "--data", tmp_path / "data")
    steps = spans(events, "step")
    assert [e["name"] for e in steps] == [
        *("Prepare", "Elements", "Prepare", "Elements", "Plan", "Scenes", "Movie", "Finish")
    ]
    for before, after in pairwise(steps):
        assert before["ts"] + before["dur"] <= after["ts"]
    scenes, elements = steps[5], steps[1]
    assert {e["name"] for e in spans(events, "element")} == {
        *("fetch scenes[0].elements[0]", "fetch scenes[1].elements[0]")
    }
    assert all(_within(e, elements) for e in spans(events, "element"))
    pieces = spans(events, "piece")
    names = {e["name"].removesuffix(", ahead") for e in pieces}
    assert names == {"Scene #2, transition", "Scene #1, body", "Scene #2, body"}
    assert all(_within(e, scenes) for e in pieces if "ahead" not in e["name"])
    busy = [e["args"]["busy"] for e in events if e["ph"] == "C"]
    assert busy and min(busy) >= 0 and mean(busy) <= 1.2 * (os.cpu_count() or 1)
    named = {e["tid"] for e in events if e["ph"] == "M"}
    assert {e["tid"] for e in events if e["ph"] == "X"} <= named


def test_what_failed_is_traced_too(tmp_path: Path) -> None:
    written(tmp_path / "movie.json", movie(still("missing.png")))
    words = ("--trace", tmp_path / "trace.json", "--data", tmp_path / "data")
    assert resplice("render", tmp_path / "movie.json", *words, cwd=tmp_path).returncode == 1
    events = json.loads((tmp_path / "trace.json").read_text())["traceEvents"]
    assert [e["name"] for e in spans(events, "element")] == ["fetch scenes[0].elements[0]"]


def test_a_trace_that_cannot_be_written_is_refused_before(tmp_path: Path) -> None:
    written(tmp_path / "movie.json", movie({"duration": 0.5}))
    for place in (tmp_path / "no" / "trace.json", tmp_path / "out.mp4"):
        ran = resplice(
            "render", tmp_path / "movie.json", "-o", tmp_path / "out.mp4", "--trace", place
        )
        assert ran.returncode == 2 and not (tmp_path / "out.mp4").exists()


def _within(inner: dict[str, Any], outer: dict[str, Any]) -> bool:
    begins = outer["ts"] <= inner["ts"]
    return bool(begins and inner["ts"] + inner["dur"] <= outer["ts"] + outer["dur"])
