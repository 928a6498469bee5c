"""All faults that a film can meet: each kind at each call of a port of its clean making."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from faults.kinds import DAMAGES, KINDS, TWICE, Fault, Point

STORES = {"objects", "parts", "splicer"}
"""Ports whose stored bytes can be damaged."""
PAID = {"voices", "generators", "transcribers"}
"""They are not asked twice by anybody but us."""


def faults_of(points: Iterable[Point]) -> Iterator[Fault]:
    for point in points:
        for kind in KINDS:
            if _comes(kind, point):
                yield Fault(kind, point.name, point.nth)


def _comes(kind: str, point: Point) -> bool:
    if kind in DAMAGES:
        return point.port in STORES and bool(point.key)
    if kind == TWICE:
        return point.port not in PAID
    return True
