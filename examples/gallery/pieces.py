"""The gallery's pieces, read from styles.json and components.json, and the movies that show them.

A piece is an element of a movie over a ground, with its default looks or in one use of real life.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FPS = 20
SECONDS = 4.0
LANDSCAPE, PORTRAIT = (1280, 720), (720, 1280)


@dataclass(frozen=True)
class Piece:
    """One picture of the gallery.

    name      of its style (`005`) or component (`basic/050`)
    purpose   what it is for; nothing: it has its default looks
    element   as a movie names it
    beside    further elements over it
    at        the second at which it shows best
    portrait  it is shown upright, too: which part of the ground then, 0 (left) to 1 (right)
    """

    name: str
    purpose: str
    ground: str
    element: dict[str, Any]
    beside: list[dict[str, Any]]
    seconds: float
    at: float
    portrait: float | None

    @property
    def file(self) -> str:
        """What its files are called, without the ending."""
        stem = self.name.replace("/", "-") if "/" in self.name else f"text-{self.name}"
        return f"{stem}-used" if self.purpose else stem

    def scene(self, size: tuple[int, int]) -> dict[str, Any]:
        width, height = size
        broad = height * 16 // 9
        left = round((broad - width) * (self.portrait or 0))
        ground = {"type": "image", "src": f"{self.ground}.jpg", "width": broad, "height": height}
        elements = [{**ground, "x": -left, "y": 0}, self.element, *self.beside]
        return {"duration": self.seconds, "elements": elements}


def pieces() -> Iterator[tuple[Piece, Piece]]:
    """Every style and every component: with its defaults, and as it is used."""
    for name, row in _table("styles").items():
        yield _pair(name, row, {"type": "text", "style": name})
    for name, row in _table("components").items():
        yield _pair(name, row, {"type": "component", "component": name})


def _table(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text())
    return read


def _pair(name: str, row: dict[str, Any], element: dict[str, Any]) -> tuple[Piece, Piece]:
    return _piece(name, row["defaults"], element), _piece(name, row["used"], element)


def _piece(name: str, said: dict[str, Any], element: dict[str, Any]) -> Piece:
    told: dict[str, Any] = {key: said[key] for key in ("text", "settings") if key in said}
    seconds = said.get("seconds", SECONDS)
    return Piece(
        name,
        said.get("for", ""),
        said["ground"],
        {**element, **told},
        said.get("with", []),
        seconds,
        said.get("at", seconds - 0.5),
        said.get("portrait"),
    )


def movie(shown: list[Piece], size: tuple[int, int]) -> dict[str, Any]:
    """A scene for each."""
    width, height = size
    scenes = [piece.scene(size) for piece in shown]
    return {"width": width, "height": height, "fps": FPS, "quality": "high", "scenes": scenes}
