"""What becomes of a text: the picture that was painted, where its box is."""

from __future__ import annotations

from dataclasses import replace

from resplice.core.composition import Box, Canvas, Look
from resplice.core.elements.looks import dressed, masked, with_room
from resplice.core.elements.outcome import Shown, Surroundings
from resplice.core.elements.text.box import text_box, text_density
from resplice.core.elements.text.model import TextElement
from resplice.core.facts import MediaFacts, media
from resplice.core.geometry import scaled, travelling


def shown(element: TextElement, around: Surroundings, life_frames: int) -> Shown:
    """The painted picture over a life of that many frames."""
    facts = media(around.own())
    return masked(facts, look(element, facts, around.canvas, life_frames), around)


def look(element: TextElement, facts: MediaFacts, canvas: Canvas, life_frames: int) -> Look:
    """A text is drawn as painted, and turns and grows about its own middle.

    A view that pans, and a mask, are of the text's whole box.
    """
    box, density = text_box(element, canvas), text_density(element, canvas)
    painted = facts.width, facts.height
    ink = scaled(painted, 1 / density)
    place = Box(facts.x // density, facts.y // density, box.width, box.height)
    still = replace(dressed(element, canvas), scaled=ink, size=ink)
    if element.pan or element.mask:
        still = replace(still, size=(box.width, box.height), x=box.x, y=box.y, pad=place)
        return travelling(still, element.travel(), painted, life_frames)
    still = replace(still, x=box.x + place.x, y=box.y + place.y)
    return travelling(with_room(still, element.zoom), element.travel(), painted, life_frames)
