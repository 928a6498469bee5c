"""What a movie costs: the tables that `make cost` puts into the README, read back. Pure.

So the simulation says nothing of its own about seconds and dollars: it is as true as they are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"
BETWEEN = re.compile("(?<=<!-- cost -->\n).*(?=<!-- /cost -->)", re.S)
WHOLE = "60 s, 1080p30, 12 scenes"
FUNCTIONS, FANNED_OUT = "of the first row", "without the fast lane"
COLD, AGAIN = "nothing in the cache", "the same again"
MAKERS = ("element", "paint")
"""Of the measured movie: functions that make elements, all of them in one round."""
GETS, PUTS = "gets", "puts"
OBJECTS: Mapping[str, Mapping[tuple[str, str], float]] = {
    "prepare": {("runs", GETS): 4.5, ("runs", PUTS): 5.5},
    "element": {("elements", GETS): 1, ("elements", PUTS): 1, ("runs", GETS): 2, ("runs", PUTS): 1},
    "paint": {("elements", PUTS): 12, ("runs", GETS): 2, ("runs", PUTS): 1},
    "plan": {("runs", GETS): 3, ("runs", PUTS): 17, ("scenes", GETS): 15},
    "scene": {("elements", GETS): 2.4, ("runs", GETS): 1, ("scenes", GETS): 1, ("scenes", PUTS): 1},
    "movie": {("elements", GETS): 1, ("runs", GETS): 4, ("runs", PUTS): 1, ("scenes", GETS): 84}
    | {("scenes", PUTS): 2, ("movies", GETS): 2, ("movies", PUTS): 4},
}
"""Requests of S3 in one call of each function, by prefix. They do not depend on the machine: they
were counted on the movie of `make cost`, at 64x50 pixels, by its `Counted` before the objects and
the checkpoints (35 transitions, as in the README); those of `movie` by a client of S3, because the
store makes several of one splice. Those of ends are made by the real code."""
BY_SCENES = ("prepare", "plan", "movie")
"""Functions that look at every scene of a movie."""


@dataclass(frozen=True)
class Work:
    """What one movie needs. tasks: calls that run side by side, by function: `element` and `paint`
    in the round of elements, `scene` after the plan. seconds: billed, of one call of each function.
    rest_dollars: all but Lambda and Step Functions. objects: as OBJECTS. lane: how many calls the
    fast lane makes of others, by function, and how long each is; None where movies begin without
    it. In `seconds` it is one call that makes the whole movie with them.
    """

    tasks: Mapping[str, int]
    seconds: Mapping[str, float]
    rest_dollars: float
    again_dollars: float
    objects: Mapping[str, Mapping[tuple[str, str], float]] = field(default_factory=dict)
    lane: Mapping[str, tuple[int, float]] | None = None

    def longer(self, times: float, parts: float) -> Work:
        """A movie so many times as long, with so many times as many scenes, of the same media. Its
        pictures take as much longer as it is longer, spread over its pieces; so does joining them.
        Preparing and planning go by the number of scenes.
        """
        tasks = {n: k if n == "element" else math.ceil(k * parts) for n, k in self.tasks.items()}
        grown = {"scene": times / parts, "movie": times, "prepare": parts, "plan": parts}
        seconds = {name: s * grown.get(name, 1.0) for name, s in self.seconds.items()}
        objects = {
            name: {place: n * (parts if name in BY_SCENES else 1) for place, n in asked.items()}
            for name, asked in self.objects.items()
        }
        rest_dollars = self.rest_dollars * parts
        return replace(
            self, tasks=tasks, seconds=seconds, rest_dollars=rest_dollars, objects=objects
        )


def measured(readme: str) -> Work:
    """Raises ValueError when the tables are not as `make cost` writes them."""
    tables = dict(_tables(readme))
    in_lane, fanned_out = (_calls(tables.get(name, ())) for name in (FUNCTIONS, FANNED_OUT))
    counted, seconds = fanned_out if "lane" in in_lane[0] else in_lane
    if counted.get("prepare") != 2:
        raise ValueError("the tables do not tell of a movie with one round of elements, fanned out")
    tasks = {name: counted[name] for name in (*MAKERS, "scene")}
    rest = {row[0]: _dollars(row[5]) for row in tables[WHOLE]}
    work = Work(tasks, seconds, rest[COLD], rest[AGAIN], OBJECTS)
    if "lane" not in in_lane[0]:
        return work
    called = [name for name in ("paint", "scene") if name in in_lane[0]]
    calls: dict[str, tuple[int, float]] = {
        name: (in_lane[0][name], in_lane[1][name]) for name in called
    }
    return replace(work, seconds={**seconds, "lane": in_lane[1]["lane"]}, lane=calls)


def _calls(rows: Iterable[list[str]]) -> tuple[dict[str, int], dict[str, float]]:
    """How many there are of each function, and how long one is billed for."""
    told = {row[0]: row for row in rows if row[0] != "Step Functions"}
    counted = {name: int(row[1]) for name, row in told.items() if int(row[1])}
    return counted, {name: _number(told[name][4]) / n for name, n in counted.items()}


def _tables(readme: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Each table's rows, by its first heading."""
    found = BETWEEN.search(readme)
    if not found:
        raise ValueError("the README has no tables of cost")
    for block in found.group().split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        if rows:
            yield rows[0][0], rows[2:]


def _number(cell: str) -> float:
    """What is too little to be told counts as nothing."""
    found = re.match(r"[0-9.]+", cell)
    return float(found.group()) if found else 0.0


def _dollars(cell: str) -> float:
    return _number(cell) / 100
