"""What becomes of a page that was painted: its ink, drawn where the element's box is.

Shared by elements that are pages. A page is painted transparent and cropped to its ink.
"""

from __future__ import annotations

from dataclasses import replace

from resplice.core.composition import Box, Canvas, Look
from resplice.core.elements.looks import dressed, with_room
from resplice.core.elements.visual import VisualElement
from resplice.core.facts import MediaFacts
from resplice.core.geometry import scaled, travelling


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
