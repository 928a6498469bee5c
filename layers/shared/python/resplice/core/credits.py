"""Credits: what a movie consumed, as answers list it. A movie that was made for another project
before consumes none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

FULL_HD_PIXELS = 1920 * 1080
UP_TO_FULL_HD, ABOVE = 1, 4
"""Credits for each second of finished video."""
SERVED = ("hit", "joined")
"""Results of movies that others were rendered for."""


def consumed(
    report: Mapping[str, Any], duration_s: float, width: int, height: int
) -> list[dict[str, Any]]:
    """The items: the rendering first, then what providers were paid by their list prices.

    report: of the movie, as core.report writes it.
    """
    served = report["movie"]["result"] in SERVED
    each = UP_TO_FULL_HD if width * height <= FULL_HD_PIXELS else ABOVE
    credits = 0 if served else max(1, round(duration_s)) * each
    render = {"type": "render", "credits": credits, "seconds": duration_s}
    return [render, *paid(report)]


def paid(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One item for each model, of all that was made for this movie. `usd` is None when the price of
    one part is not known.
    """
    made = {
        element["key"]: element["cost"]
        for element in report.get("elements", ())
        if "cost" in element and element["result"] != "hit"
    }
    items = dict[tuple[str, str, str], dict[str, Any]]()
    for cost in made.values():
        place = cost["provider"], cost["model"], cost["unit"]
        names = dict(zip(("provider", "model", "unit"), place, strict=True))
        item = items.setdefault(
            place, {"type": "provider", "credits": 0, **names, "units": 0, "usd": 0}
        )
        item["units"] += cost["units"]
        known = item["usd"] is not None and cost["usd"] is not None
        item["usd"] = round(item["usd"] + cost["usd"], 6) if known else None
    yield from items.values()
