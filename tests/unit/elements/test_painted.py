"""Pages that were painted: their ink is drawn where it lay on the page, whatever the density."""

from __future__ import annotations

from typing import Any

from resplice.core.composition import Box, Canvas, Look
from resplice.core.elements.component.model import ComponentElement
from resplice.core.elements.looks import ROOM_PIXELS
from resplice.core.elements.painted import painted_look
from resplice.core.facts import MediaFacts

CANVAS, BOX = Canvas(640, 360, 25), Box(100, 50, 200, 80)
INK = MediaFacts("a" * 64, 9, "image", "png_pipe", 60, 40, has_alpha=True, x=10, y=20)


def look(density: int = 1, **said: Any) -> Look:
    element = ComponentElement(type="component", component="a/b", **said)
    return painted_look(element, INK, BOX, density, CANVAS, 50)


def test_ink_lies_where_it_was_on_the_page() -> None:
    assert (look().x, look().y, look().size) == (110, 70, (60, 40))
    dense = look(density=2)
    assert (dense.x, dense.y, dense.size) == (105, 60, (30, 20))


def test_what_pans_is_the_whole_box() -> None:
    panned = look(pan="left")
    assert panned.pad == Box(10, 20, 200, 80) and (panned.x, panned.y) == (100, 50)


def test_what_grows_has_room_around_its_own_middle() -> None:
    grown = look(zoom=2)
    assert grown.pad and grown.pad.width > 60 + ROOM_PIXELS
    assert abs(grown.x + grown.size[0] / 2 - 140) <= 1
    assert abs(grown.y + grown.size[1] / 2 - 90) <= 1
