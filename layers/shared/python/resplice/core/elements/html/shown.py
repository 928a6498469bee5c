"""What becomes of an html element: the picture that was painted of its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from resplice.core.composition import Box, Canvas, Look
from resplice.core.elements.html.model import HtmlElement
from resplice.core.elements.html.viewport import ink_box
from resplice.core.elements.looks import dressed, masked, with_room
from resplice.core.elements.outcome import Shown, Surroundings
from resplice.core.facts import AnimationFacts, MediaFacts, media
from resplice.core.geometry import travelling
from resplice.core.warned import warned


def shown(element: HtmlElement, around: Surroundings, life_frames: int) -> Shown:
    """The painted picture over a life of that many frames."""
    facts = media(around.own())
    return masked(facts, look(element, facts, around.canvas, life_frames), around)


def look(element: HtmlElement, facts: MediaFacts, canvas: Canvas, life_frames: int) -> Look:
    """A page is drawn as painted, and turns and grows about the middle of what it shows.

    A view that pans, and a mask, are of the whole page.
    """
    whole, ink = ink_box(element, facts, canvas)
    still = replace(dressed(element, canvas), scaled=(ink.width, ink.height))
    painted = facts.width, facts.height
    if element.pan or element.mask:
        pad = Box(ink.x, ink.y, *whole.scaled)
        still = replace(still, size=whole.scaled, x=whole.x, y=whole.y, pad=pad)
        return travelling(still, element.travel(), painted, life_frames)
    still = replace(still, size=still.scaled, x=whole.x + ink.x, y=whole.y + ink.y)
    return travelling(with_room(still, element.zoom), element.travel(), painted, life_frames)


def in_vain(element: HtmlElement, around: Surroundings) -> Iterator[str]:
    """Says what is asked for and not seen."""
    facts = media(around.own())
    if (facts.width, facts.height) == (1, 1):
        yield warned("blank", "shows nothing: its page is empty when it is painted")
    if element.crop:
        yield warned(
            "crop-ignored", ".crop does nothing: a page is as large as its width and height"
        )
    if element.recorded_s() and not isinstance(facts, AnimationFacts):
        words = ".capture.duration does nothing: none of the page's animations move"
        yield warned("nothing-moves", words)
