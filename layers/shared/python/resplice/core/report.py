"""The cache report: what was reused, what was made, and why. Also `movie.cache` in the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, field, replace
from typing import Any, Literal

from resplice.core.bill import Bill
from resplice.core.prices import FREE, Cost, Total, cost_of, total
from resplice.frozen import frozen

Result = Literal["hit", "miss", "bypass"]
MovieResult = Literal["hit", "miss", "bypass", "joined"]
CONTENT_CHARS = 16


@frozen
class Origin:
    """Where an element's bytes come from, as far as anybody may be told: see core.provenance.

    address  what they were downloaded from; empty for what was made
    told     (name, value) of who made them, and of what
    """

    address: str = ""
    told: tuple[tuple[str, str], ...] = ()


@frozen
class ElementReport:
    """One element task. path is the element's, or a place inside it (a mask, a font).

    bill: of what a provider made, whenever that was
    passing: whether it stands in for what may be there another time
    content: the digest of its bytes
    origin: for the movie's manifest; None where nobody asks for that
    """

    path: str
    type: str
    result: Result
    key: str
    bill: Bill | None = None
    passing: bool = False
    content: str = ""
    origin: Origin | None = None

    def as_json(self) -> dict[str, Any]:
        """The bill with its price by the list, None when that is not known. As much of the content
        is told as tells two apart.
        """
        told: dict[str, Any] = {
            name: getattr(self, name) for name in ("path", "type", "result", "key")
        }
        if self.content:
            told["content"] = self.content[:CONTENT_CHARS]
        if self.passing:
            told["passing"] = True
        if self.bill is None:
            return told
        cost = cost_of(self.bill)
        usd = None if cost.micro_usd is None else cost.micro_usd / 1e6
        names = ("provider", "model", "unit", "units")
        return {**told, "cost": {**{n: getattr(self.bill, n) for n in names}, "usd": usd}}


@frozen
class SceneReport:
    """One scene of the expanded movie, counted from 1. segments: {"hit": n, "miss": n}."""

    scene: int
    result: Result
    key: str
    reason: str
    segments: dict[str, int]


@frozen
class TransitionReport:
    """The overlap that leads into a scene."""

    into_scene: int
    result: Result


@frozen
class Report:
    """What one submit was served from.

    result       of the movie; None where only its elements were asked for
    timings_ms   milliseconds by stage
    rendered_ms  what making the missing pieces took, whoever made them, added up
    saved_ms     what making those took, once, that came from the cache
    spent, spared  what providers were paid for this movie, and what they were not asked for again
                 because of the cache; by their list prices
    made_with    names the tools of who made it; empty where nothing was
    said         warnings of how this document is written; the others are kept with the movie
    """

    result: MovieResult | None
    key: str
    scenes: tuple[SceneReport, ...] = ()
    transitions: tuple[TransitionReport, ...] = ()
    elements: tuple[ElementReport, ...] = ()
    timings_ms: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    rendered_ms: int = 0
    saved_ms: int = 0
    spent: Total = FREE
    spared: Total = FREE
    made_with: str = ""
    said: tuple[str, ...] = ()

    @property
    def all_warnings(self) -> list[str]:
        return list(dict.fromkeys((*self.said, *self.warnings)))

    def of_elements(self) -> Report:
        """What is left of it where nothing was rendered."""
        return replace(self, result=None, scenes=(), transitions=(), rendered_ms=0, saved_ms=0)

    def as_json(self) -> dict[str, Any]:
        """Warnings, costs and tools are told of only if there are any."""
        told: dict[str, Any] = {
            "movie": {"result": self.result, "key": self.key},
            "scenes": [asdict(scene) for scene in self.scenes],
            "transitions": [asdict(transition) for transition in self.transitions],
            "elements": [element.as_json() for element in self.elements],
            "timings_ms": self.timings_ms,
            "rendered_ms": self.rendered_ms,
            "saved_ms": self.saved_ms,
        }
        if (self.spent, self.spared) != (FREE, FREE):
            told["costs"] = {
                "spent_usd": self.spent.micro_usd / 1e6,
                "saved_usd": self.spared.micro_usd / 1e6,
                "unpriced": self.spent.unknown + self.spared.unknown,
            }
        if self.made_with:
            told["made_with"] = self.made_with
        return {**told, "warnings": warnings} if (warnings := self.all_warnings) else told


def share_reused(told: Mapping[str, Any]) -> float:
    """The share of the work that the cache saved, 0 to 1. told: a report as JSON."""
    if told["movie"]["result"] in ("hit", "joined"):
        return 1.0
    saved_ms = told.get("saved_ms", 0)
    whole_ms = saved_ms + told.get("rendered_ms", 0)
    return saved_ms / whole_ms if whole_ms else 0.0


def costs(elements: Iterable[ElementReport]) -> tuple[Total, Total]:
    """(what was paid, what was spared), each piece of work once."""
    by_key = {element.key: element for element in elements if element.bill}
    paid, kept = list[Cost](), list[Cost]()
    for element in by_key.values():
        if element.bill:
            (kept if element.result == "hit" else paid).append(cost_of(element.bill))
    return total(paid), total(kept)


def overall(results: list[Result]) -> Result:
    """One word for several tasks: bypass if any was, hit only if all were."""
    if "bypass" in results:
        return "bypass"
    return "miss" if "miss" in results else "hit"
