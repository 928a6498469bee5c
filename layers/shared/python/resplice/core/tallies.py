"""Tallies: what is counted of a project's report, and what the sums say to people. Values only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from resplice.core.report import MovieResult, Report

LAYERS = ("movies", "scenes", "elements")
RESULTS: tuple[str, ...] = get_args(MovieResult)
KEPT = ("hit", "joined")
"""Results of what was not made for it."""


def amounts_of(report: Report) -> dict[str, int]:
    """What the end of a project with this report adds; nothing that is 0."""
    found = Counter([f"movies_{report.result}"] if report.result else [])
    found.update(f"scenes_{scene.result}" for scene in report.scenes)
    found.update(f"elements_{element.result}" for element in report.elements)
    found["rendered_ms"], found["saved_ms"] = report.rendered_ms, report.saved_ms
    found["spent_micro_usd"] = report.spent.micro_usd
    found["saved_micro_usd"] = report.spared.micro_usd
    return {name: amount for name, amount in found.items() if amount}


def told(total: Mapping[str, int]) -> dict[str, Any]:
    """Sums as answers have them. rate: the share that was in the cache; None of nothing."""
    return {
        "hits": {layer: _hits(layer, total) for layer in LAYERS},
        "rendered_seconds": total.get("rendered_ms", 0) / 1000,
        "saved_seconds": total.get("saved_ms", 0) / 1000,
        "spent_usd": total.get("spent_micro_usd", 0) / 1e6,
        "saved_usd": total.get("saved_micro_usd", 0) / 1e6,
    }


def told_text(sums: Mapping[str, Any], days: int) -> Iterator[str]:
    """The same in lines for a person."""
    yield f"in the last {days} days"
    for layer, counts in sums["hits"].items():
        kept = sum(counts[result] for result in KEPT)
        share = "" if counts["rate"] is None else f", {counts['rate']:.0%}"
        all_of_them = sum(counts[result] for result in RESULTS)
        yield f"{layer:<9} {kept:>7} of {all_of_them} from the cache{share}"
    saved, rendered = sums["saved_seconds"], sums["rendered_seconds"]
    yield f"saved     {saved:.1f} s of work, and rendered {rendered:.1f} s"
    yield f"paid      ${sums['spent_usd']:.2f}, and ${sums['saved_usd']:.2f} not again"


def _hits(layer: str, total: Mapping[str, int]) -> dict[str, Any]:
    counts = {result: total.get(f"{layer}_{result}", 0) for result in RESULTS}
    all_of_them = sum(counts.values())
    kept = sum(counts[result] for result in KEPT)
    return {**counts, "rate": round(kept / all_of_them, 4) if all_of_them else None}
