"""What becomes of a text: the picture that was painted, where its box is."""

from __future__ import annotations

from resplice.core.elements.looks import masked
from resplice.core.elements.outcome import Shown, Surroundings
from resplice.core.elements.painted import painted_look
from resplice.core.elements.text.box import text_box, text_density
from resplice.core.elements.text.model import TextElement
from resplice.core.facts import media


def shown(element: TextElement, around: Surroundings, life_frames: int) -> Shown:
    """The painted picture over a life of that many frames."""
    facts, canvas = media(around.own()), around.canvas
    box, density = text_box(element, canvas), text_density(element, canvas)
    look = painted_look(element, facts, box, density, canvas, life_frames)
    return masked(facts, look, around)
