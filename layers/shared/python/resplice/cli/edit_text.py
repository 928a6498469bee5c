"""What an edit will cost, in lines for a person and as JSON. Only text in and out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from resplice.core.prices import dollars
from resplice.steps.edit_cost import EditCost

AGAIN = {"miss": "made again", "bypass": "made again", "hit": "kept", "joined": "kept"}
SHOWN = 3
"""Reasons of one part in a line; `--json` has all."""


def edit_json(cost: EditCost) -> dict[str, Any]:
    return {
        "cache": dict(cost.report),
        "rendered_seconds": round(cost.rendered_s, 3),
        "movie_seconds": round(cost.movie_s, 3),
        "work_ms": cost.work_ms,
        "unknown": list(cost.unknown),
    }


def edit_text(cost: EditCost) -> Iterator[str]:
    report = cost.report
    yield f"movie    {_line(report['movie'])}"
    for scene in report["scenes"]:
        yield f"scene {scene['scene']:<3}{_line(scene)}"
    for transition in report["transitions"]:
        yield f"into {transition['into_scene']:<4}{_line(transition)}"
    made = [each for each in report["elements"] if each["result"] != "hit"]
    if report["elements"]:
        yield f"elements {len(report['elements']) - len(made)} kept, {len(made)} made again"
    for each in made:
        yield f"  {each['path']} ({each['type']}): {_why(each)}"
    yield f"in all   {cost.rendered_s:.2f} of {cost.movie_s:.2f} s are rendered again{_work(cost)}"
    yield from _paid(report.get("costs"))
    yield from (f"not known here: {words}" for words in cost.unknown)


def _line(told: Mapping[str, Any]) -> str:
    words = AGAIN[told["result"]]
    return f"{words}: {_why(told)}" if "why" in told else words


def _why(told: Mapping[str, Any]) -> str:
    reasons = told.get("why", ())
    more = f"; and {len(reasons) - SHOWN} more" if len(reasons) > SHOWN else ""
    return "; ".join(reasons[:SHOWN]) + more


def _work(cost: EditCost) -> str:
    if cost.work_ms is None:
        return "; how much work that is, no piece in the data folder tells"
    return f", about {cost.work_ms / 1000:.1f} s of work" if cost.work_ms else ""


def _paid(costs: Mapping[str, Any] | None) -> Iterator[str]:
    if costs and (costs["spent_usd"] or costs["unpriced"]):
        unknown = costs["unpriced"]
        more = f"; the price of {unknown} is not known" if unknown else ""
        yield f"to pay   {dollars(round(costs['spent_usd'] * 1e6))} by list prices{more}"
