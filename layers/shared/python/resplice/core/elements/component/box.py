"""The canvas of a component, and where it lies on the movie's."""

from __future__ import annotations

from resplice.core.composition import Box, Canvas
from resplice.core.elements.painted import page_density
from resplice.core.elements.visual import VisualElement
from resplice.core.geometry import corner


def canvas_of(element: VisualElement, canvas: Canvas) -> tuple[int, int]:
    """(width, height) of the page, pixels: a side left open is the movie's, as is all of a page
    that is resized to the movie.
    """
    width, height = (-1, -1) if element.resize else element.wanted_size()
    return (width if width != -1 else canvas.width), (height if height != -1 else canvas.height)


def box_of(element: VisualElement, canvas: Canvas) -> Box:
    """Where the page lies on the movie's canvas."""
    size = canvas_of(element, canvas)
    if element.resize:
        return Box(0, 0, *size)
    x, y = corner(element.placing(), size, canvas)
    return Box(x, y, *size)


def density_of(element: VisualElement, canvas: Canvas) -> int:
    """Painted pixels for each of the page's."""
    return page_density(element, canvas_of(element, canvas))
