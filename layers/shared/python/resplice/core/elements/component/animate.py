"""`animate` objects: a group moves from its own values to those that the object says.

Defaults are anime.js's: a second, at once, `easeOutElastic(1, .5)`; it plays once and stays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field, replace
from heapq import heapify, heapreplace
from itertools import pairwise
from typing import Any

from resplice.core.elements.component.styling import declarations, is_property
from resplice.core.elements.component.values import milliseconds, points
from resplice.core.text import css
from resplice.core.text.easing import css_easing
from resplice.frozen import frozen

_SHAPE = ("cx", "cy", "r", "rx", "ry", "x", "y")
TIMES = ("duration", "delay", "easing")


@frozen
class Animate:
    """Where it goes, CSS by property, and `points`; how long that takes, after how long it begins,
    ms.
    """

    targets: tuple[tuple[str, str], ...]
    duration_ms: float = 1000
    delay_ms: float = 0
    easing: str = field(default_factory=lambda: css_easing("easeOutElastic(1, .5)"))

    def to(self, only: Collection[str] = (), without: Collection[str] = ()) -> dict[str, str]:
        """CSS of the targets, of these alone or of all but those; `points` are a path's `d`."""
        return {
            "d" if name == "points" else name: path(value) if name == "points" else value
            for name, value in self.targets
            if (not only or name in only) and name not in without
        }


def target(name: str, value: Any) -> dict[str, str]:
    """The CSS of one target. Raises ValueError."""
    if name == "points":
        return {name: points(value)}
    if name in _SHAPE:
        return {name: css.declaration(name, value)}
    return declarations(name, value)


def is_target(name: str) -> bool:
    """Whether something of that name can move."""
    return name == "points" or name in _SHAPE or is_property(name)


def time_of(name: str, value: Any) -> dict[str, Any]:
    """The field of Animate that one of TIMES is. Raises ValueError."""
    if name == "easing":
        return {"easing": css_easing(str(value))}
    return {f"{name}_ms": milliseconds(value)}


def path(said: str) -> str:
    """Points as the CSS of an SVG path, which can move."""
    pairs = [pair.replace(",", " ") for pair in said.split()]
    return f'path("M{" L".join(pairs)} Z")'


def evened(said: str, moves: Animate) -> tuple[str, Animate]:
    """Points, and the way to others, with as many of both, since a path moves point by point."""
    targets = dict(moves.targets)
    if not said or "points" not in targets:
        return said, moves
    count = max(len(said.split()), len(targets["points"].split()))
    targets["points"] = _with_more(targets["points"], count)
    return _with_more(said, count), replace(moves, targets=tuple(targets.items()))


def _with_more(said: str, count: int) -> str:
    """The same form with that many points: more on its longest sides, evenly."""
    corners = [complex(*map(float, pair.split(","))) for pair in said.split()]
    sides = [*pairwise([*corners, corners[0]])]
    pieces = [1] * len(sides)
    longest = [(-abs(end - start), side) for side, (start, end) in enumerate(sides)]
    heapify(longest)
    for _ in range(count - len(corners)):
        side = longest[0][1]
        pieces[side] += 1
        start, end = sides[side]
        heapreplace(longest, (-abs(end - start) / pieces[side], side))
    cut = [
        start + (end - start) * piece / count
        for (start, end), count in zip(sides, pieces, strict=True)
        for piece in range(count)
    ]
    return " ".join(f"{corner.real:g},{corner.imag:g}" for corner in cut)


def in_pixels(targets: Mapping[str, str], width: int, height: int) -> tuple[tuple[str, str], ...]:
    """Targets with vw and vh of the canvas as pixels."""
    return tuple((name, css.in_pixels(value, width, height)) for name, value in targets.items())
