"""A page that is painted: how densely, and its ink, drawn where the element's box is.

Shared by elements that are pages. A page is painted transparent and cropped to its ink.
"""

from __future__ import annotations

from dataclasses import replace

from resplice.core.composition import Box, Canvas, Look
from resplice.core.elements.looks import dressed, with_room
from resplice.core.elements.visual import VisualElement
from resplice.core.facts import MediaFacts
from resplice.core.geometry import Size, scaled, travelling

MAX_DENSE_PIXELS = 4096
"""The longest side of a page that is painted at twice its size."""


def page_density(element: VisualElement, size: Size) -> int:
    """Painted pixels for each of the page's, which has that size: twice as many for what is seen
    from near.
    """
    return 2 if element.zoom and max(size) <= MAX_DENSE_PIXELS else 1


def painted_look(
    element: VisualElement,
    facts: MediaFacts,
    box: Box,
    density: int,
    canvas: Canvas,
    life_frames: int,
) -> Look:
    """The page is drawn as painted, and turns and grows about its own middle.

    A view that pans, and a mask, are of the whole box. density: painted pixels for each of its.
    """
    painted = facts.width, facts.height
    ink = scaled(painted, 1 / density)
    place = Box(facts.x // density, facts.y // density, box.width, box.height)
    still = replace(dressed(element, canvas), scaled=ink, size=ink)
    if element.pan or element.mask:
        still = replace(still, size=(box.width, box.height), x=box.x, y=box.y, pad=place)
        return travelling(still, element.travel(), painted, life_frames)
    still = replace(still, x=box.x + place.x, y=box.y + place.y)
    return travelling(with_room(still, element.zoom), element.travel(), painted, life_frames)
