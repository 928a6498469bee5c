"""The cache report: what was reused, what was made, and why. Also `movie.cache` in the API."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Result = Literal["hit", "miss", "bypass"]
MovieResult = Literal["hit", "miss", "bypass", "joined"]


@dataclass(frozen=True)
class ElementReport:
    """One element task. path is the element's, or a place inside it (a mask, a font)."""

    path: str
    type: str
    result: Result
    key: str


@dataclass(frozen=True)
class SceneReport:
    """One scene of the expanded movie, counted from 1. segments: {"hit": n, "miss": n}."""

    scene: int
    result: Result
    key: str
    reason: str
    segments: dict[str, int]


@dataclass(frozen=True)
class TransitionReport:
    """The overlap that leads into a scene."""

    into_scene: int
    result: Result


@dataclass(frozen=True)
class Report:
    """What one submit was served from.

    timings_ms   milliseconds by stage
    rendered_ms  what making the missing pieces took, whoever made them, added up
    saved_ms     what making those took, once, that came from the cache
    """

    result: MovieResult
    key: str
    scenes: tuple[SceneReport, ...] = ()
    transitions: tuple[TransitionReport, ...] = ()
    elements: tuple[ElementReport, ...] = ()
    timings_ms: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    rendered_ms: int = 0
    saved_ms: int = 0

    def as_json(self) -> dict[str, Any]:
        """Warnings are told of only if there are any."""
        told: dict[str, Any] = {
            "movie": {"result": self.result, "key": self.key},
            "scenes": [asdict(scene) for scene in self.scenes],
            "transitions": [asdict(transition) for transition in self.transitions],
            "elements": [asdict(element) for element in self.elements],
            "timings_ms": self.timings_ms,
            "rendered_ms": self.rendered_ms,
            "saved_ms": self.saved_ms,
        }
        return {**told, "warnings": list(self.warnings)} if self.warnings else told


def total(results: list[Result]) -> Result:
    """One word for several tasks: bypass if any was, hit only if all were."""
    if "bypass" in results:
        return "bypass"
    return "miss" if "miss" in results else "hit"
