"""The box of a text: what its picture is painted on, in pixels of the movie's canvas."""

from __future__ import annotations

from resplice.core.composition import Box, Canvas
from resplice.core.elements.painted import page_density
from resplice.core.elements.text.model import TextElement
from resplice.core.geometry import EDGE_GAP, corner


def text_box(element: TextElement, canvas: Canvas) -> Box:
    """The element canvas of a text.

    A side left open is the canvas's; with a preset position it keeps the edge gap free.
    """
    wanted, free = element.wanted_size(), (canvas.width, canvas.height)
    preset = element.position != "custom"
    gaps = [round(side * EDGE_GAP) if preset else 0 for side in free]
    width, height = (
        size if size != -1 else side - 2 * gap
        for size, side, gap in zip(wanted, free, gaps, strict=True)
    )
    x, y = corner(element.placing(), (width, height), canvas)
    return Box(x, y, width, height)


def text_canvas(element: TextElement, canvas: Canvas) -> tuple[int, int]:
    """(width, height) that vw and vh count: the element's own canvas, without a preset's gaps."""
    width, height = element.wanted_size()
    return (canvas.width if width == -1 else width, canvas.height if height == -1 else height)


def text_density(element: TextElement, canvas: Canvas) -> int:
    """Painted pixels for each of the box's."""
    box = text_box(element, canvas)
    return page_density(element, (box.width, box.height))


def text_alignment(element: TextElement) -> dict[str, str]:
    """The alignments that a preset position brings for sides that the element leaves open."""
    if element.position == "custom":
        return {}
    vertical, horizontal = element.position.split("-")
    wide, high = element.wanted_size()
    found = {}
    if wide == -1:
        found["horizontal-position"] = horizontal
    if high == -1:
        found["vertical-position"] = vertical
    return found
