"""The viewport of a page, and where its picture lies in it, in pixels of the movie's canvas."""

from __future__ import annotations

from dataclasses import replace

from resplice.core.composition import Box, Canvas, Look
from resplice.core.elements.html.model import HtmlElement
from resplice.core.facts import MediaFacts
from resplice.core.geometry import EDGE_GAP, Size, corner, placed

MAX_SIDE = 8192
MAX_AREA = 36_000_000
"""Pixels of a painted page: more than four times those of full HD four times as dense."""


def viewport(element: HtmlElement, canvas: Canvas) -> Size:
    """What the element says, or the whole canvas: with a resize its own size does not count."""
    if element.capture:
        return element.capture.width, element.capture.height
    width, height = (-1, -1) if element.resize else element.wanted_size()
    return (
        canvas.width if width == -1 else width,
        canvas.height if height == -1 else height,
    )


def too_large(element: HtmlElement, canvas: Canvas) -> bool:
    """Whether the page has more pixels than may be painted."""
    width, height = (side * element.dpi for side in viewport(element, canvas))
    return max(width, height) > MAX_SIDE or width * height > MAX_AREA


def drawn(element: HtmlElement, canvas: Canvas) -> Look:
    """How the whole page is drawn: its size, and its place."""
    still = placed(Look((1, 1), (1, 1), 0, 0), element.placing(), viewport(element, canvas), canvas)
    if not still.cut:
        return still
    x, y = still.x - still.cut.x, still.y - still.cut.y
    return replace(still, cut=None, size=still.scaled, x=x, y=y)


def ink_box(element: HtmlElement, facts: MediaFacts, canvas: Canvas) -> tuple[Look, Box]:
    """(the whole page as it is drawn, the place of what was painted within it).

    A preset position of a page whose viewport is left open is that of what it shows.
    """
    whole = drawn(element, canvas)
    page = viewport(element, canvas)
    wide, high = (
        size / (side * element.dpi) for size, side in zip(whole.scaled, page, strict=True)
    )
    width, height = max(1, round(facts.width * wide)), max(1, round(facts.height * high))
    ink = Box(round(facts.x * wide), round(facts.y * high), width, height)
    x, y = _place(element, ink, whole, canvas)
    return replace(whole, x=x, y=y), ink


def _place(element: HtmlElement, ink: Box, whole: Look, canvas: Canvas) -> Size:
    """Where the page lies so that what it shows has the preset position, along open sides.

    What fills the canvas up to the gaps of such a position has no other place than its own.
    """
    if element.position == "custom" or element.capture or element.resize:
        return whole.x, whole.y
    placing, wanted = element.placing(), element.wanted_size()
    x, y = corner(placing, (ink.width, ink.height), canvas)
    most = 1 - 2 * EDGE_GAP
    open_x = x - ink.x if ink.width <= canvas.width * most else placing.x
    open_y = y - ink.y if ink.height <= canvas.height * most else placing.y
    return (
        open_x if wanted[0] == -1 else whole.x,
        open_y if wanted[1] == -1 else whole.y,
    )
