"""Drawings: files that the browser must paint before they are pictures, as large as they are seen.

Whatever element names one, and wherever: at its own place, or as its mask.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from resplice.core.elements.files import Need
from resplice.core.elements.looks import mask_density, own_density
from resplice.core.elements.outcome import DRAWN, Surroundings
from resplice.core.facts import MediaFacts
from resplice.core.tasks import PaintTask
from resplice.core.text import FILES

_PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><style>html,body{{margin:0;overflow:hidden}}'
    "img{{display:block;width:{width}px;height:{height}px}}</style></head>"
    '<body><img src="{source}"></body></html>'
)


def drawings(element: Any, around: Surroundings) -> Iterator[Need]:
    """The paintings of those of its files that turned out to be drawings."""
    for place, drawn in DRAWN.items():
        facts = around.at(place)
        if isinstance(facts, MediaFacts) and facts.kind == "drawing":
            density = mask_density(facts, around.canvas) if place else own_density(element, around)
            yield drawn, painting(facts, density)


def painting(facts: MediaFacts, density: int) -> PaintTask:
    """The drawing, alone on a page. As a picture of a page it runs no script and loads nothing."""
    width, height = facts.width * density, facts.height * density
    # A tab keeps pictures by their names: no two may share one.
    name = f"{facts.digest}.svg"
    page = _PAGE.format(width=width, height=height, source=FILES + name)
    return PaintTask(width, height, page, files=((name, facts.digest),))
