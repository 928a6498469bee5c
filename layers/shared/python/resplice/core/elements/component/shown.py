"""What becomes of a component: the picture that was painted, where its box is."""

from __future__ import annotations

from resplice.core.elements.component.box import box_of, density_of
from resplice.core.elements.component.model import Configured
from resplice.core.elements.looks import masked
from resplice.core.elements.outcome import Shown, Surroundings
from resplice.core.elements.painted import painted_look
from resplice.core.facts import media


def shown(element: Configured, around: Surroundings, life_frames: int) -> Shown:
    """The painted picture over a life of that many frames."""
    facts, canvas = media(around.own()), around.canvas
    box, density = box_of(element, canvas), density_of(element, canvas)
    look = painted_look(element, facts, box, density, canvas, life_frames)
    return masked(facts, look, around)
