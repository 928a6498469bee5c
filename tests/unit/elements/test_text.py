"""Text elements: the box that is painted, the page that paints it, and how the ink is drawn."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from resplice.core.composition import Box, Canvas
from resplice.core.elements.looks import ROOM_PIXELS
from resplice.core.elements.outcome import Surroundings
from resplice.core.elements.text import TEXT
from resplice.core.elements.text.box import text_alignment, text_box, text_density
from resplice.core.elements.text.model import TextElement
from resplice.core.elements.text.needs import paint_task
from resplice.core.elements.text.shown import shown
from resplice.core.facts import MediaFacts
from resplice.core.providers import NO_OFFERS
from resplice.core.schema.validation import validate
from resplice.core.sources import source_problems
from resplice.core.text.styles import STYLES

CANVAS = Canvas(200, 100, 25)
INK = MediaFacts("a" * 64, 9, "image", "png_pipe", 40, 10, has_alpha=True, x=30, y=20)


def text(**more: Any) -> TextElement:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return TextElement.model_validate({"type": "text", "text": "Ann", **named})


@pytest.mark.parametrize(
    ("said", "box"),
    [
        ({}, Box(0, 0, 200, 100)),
        ({"x": 5, "width": 50}, Box(5, 0, 50, 100)),
        ({"position": "bottom-right"}, Box(10, 5, 180, 90)),
        ({"position": "bottom-right", "width": 50, "height": 20}, Box(140, 75, 50, 20)),
    ],
)
def test_the_box_keeps_the_gap_of_a_preset(said: dict[str, Any], box: Box) -> None:
    assert text_box(text(**said), CANVAS) == box


def test_a_preset_aligns_the_sides_that_are_left_open() -> None:
    both = {"horizontal-position": "right", "vertical-position": "top"}
    assert text_alignment(text(position="top-right")) == both
    assert text_alignment(text(position="top-right", width=9)) == {"vertical-position": "top"}
    assert text_alignment(text()) == {}
    page = paint_task(text(position="top-right"), CANVAS, None).html
    assert "align-items:flex-start;justify-content:flex-end;" in page
    own = text(position="top-right", settings={"vertical-align": "bottom"})
    assert "align-items:flex-end;justify-content:flex-end;" in paint_task(own, CANVAS, None).html


@pytest.mark.parametrize(
    ("said", "canvas"),
    [
        ({}, (200, 100)),
        ({"width": 50, "x": 5}, (50, 100)),
        ({"width": 50, "height": 30}, (50, 30)),
        ({"position": "top-left"}, (200, 100)),
        ({"position": "top-left", "height": 30}, (200, 30)),
        ({"resize": "cover", "width": 50, "height": 30}, (200, 100)),
    ],
)
def test_vw_and_vh_count_the_texts_own_canvas(
    said: dict[str, Any], canvas: tuple[int, int]
) -> None:
    settings = {"font-size": "10vw", "line-height": "20vh"}
    page = paint_task(text(settings=settings, **said), CANVAS, None).html
    assert f"font-size:{canvas[0] / 10:g}px;" in page
    assert f"line-height:{canvas[1] / 5:g}px;" in page


def test_resize_makes_a_text_as_large_as_the_movie_where_it_would_be_anyway() -> None:
    boxed = {"x": 9, "y": 9, "width": 50, "height": 20}
    for place in ({}, {"position": "bottom-right"}):
        resized = text(resize="contain", **boxed, **place)
        assert text_box(resized, CANVAS) == text_box(text(**place), CANVAS)
        assert text_alignment(resized) == text_alignment(text(**place))


def test_a_style_may_come_as_a_number() -> None:
    assert text(style=1).style == text(style="1").style == text(style="001").style == "001"
    with pytest.raises(ValidationError, match="There is no text style '99'"):
        text(style=99)


def test_a_text_lasts_as_its_container_unless_it_says_otherwise() -> None:
    assert (text().duration, text(duration=-1).duration) == (-2, -1)
    assert TEXT.intro(text(), NO_OFFERS) == 0


def test_a_text_that_is_seen_from_near_is_painted_larger() -> None:
    assert text_density(text(), CANVAS) == 1
    assert text_density(text(zoom=2), CANVAS) == 2
    assert text_density(text(zoom=2, width=8000), CANVAS) == 1
    task = paint_task(text(zoom=2), CANVAS, None)
    assert (task.width, task.height) == (400, 200)


def test_the_ink_is_drawn_where_it_was_painted() -> None:
    path = ("elements", 0)
    around = Surroundings(CANVAS, path, {path: INK})
    seen = shown(text(x=7), around, 50)
    assert (seen.look.size, seen.look.x, seen.look.y) == ((40, 10), 37, 20)
    assert seen.mask is None
    mask = MediaFacts("b" * 64, 9, "video", "gif", 4, 4, 700_000)
    under = Surroundings(CANVAS, path, {path: INK, (*path, "mask"): mask})
    masked = shown(text(x=7, mask="https://e.com/m"), under, 50)
    assert (masked.look.size, masked.look.pad) == ((200, 100), Box(30, 20, 200, 100))
    assert masked.mask and masked.mask.digests == {"b" * 64}
    assert masked.mask_plays and masked.mask_plays.plays == -1


def test_a_text_that_grows_has_room() -> None:
    path = ("elements", 0)
    look = shown(text(zoom=5), Surroundings(CANVAS, path, {path: INK}), 50).look
    ink = (20, 5)
    assert look.pad is not None and look.motion is not None
    assert look.size == (30 + 2 * ROOM_PIXELS, round(5 * 1.5) + 2 * ROOM_PIXELS)
    assert look.x == 30 // 2 - (look.size[0] - ink[0]) // 2


@pytest.mark.parametrize("name", STYLES)
def test_every_style_paints(name: str) -> None:
    page = paint_task(text(style=name), CANVAS, None).html
    assert "font-family:" in page and "Ann" in page


def test_no_page_is_made_of_a_text_to_see_what_is_wrong_with_its_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr("resplice.core.elements.text.needs.text_page")
    element = {"type": "text", "text": "a", "settings": {"color": "x(", "font-size": 9}}
    document = validate({"scenes": [{"elements": [element]}]})
    (problem,) = source_problems(document, files_allowed=False)
    assert problem.path == "scenes[0].elements[0].settings.color"
    many = {f"text-{'a' * n}": "x(" for n in range(1, 200)}
    whole = validate({"scenes": [{"elements": [{**element, "settings": many}]}]})
    assert len(source_problems(whole, files_allowed=False)) == 100
