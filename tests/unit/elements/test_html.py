"""Html elements: the viewport of a page, the task that paints it, and how its picture is drawn."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from resplice.core.composition import Box, Canvas, FramesPicture, Look
from resplice.core.elements.files import MASK
from resplice.core.elements.html.model import HtmlElement
from resplice.core.elements.html.needs import TAILWIND, faults, needs, page_task, unknown
from resplice.core.elements.html.shown import in_vain, shown
from resplice.core.elements.html.viewport import too_large, viewport
from resplice.core.elements.looks import ROOM_PIXELS
from resplice.core.elements.outcome import Surroundings
from resplice.core.facts import AnimationFacts, Facts, MediaFacts
from resplice.core.schema.validation import validate
from resplice.core.tasks import FetchTask, WebPageTask
from resplice.core.text.css import is_property
from resplice.errors import DocumentError

CANVAS = Canvas(200, 100, 25)
PATH = ("elements", 0)
INK = MediaFacts("a" * 64, 9, "image", "png_pipe", 40, 10, has_alpha=True, x=30, y=20)
FADING = MediaFacts("b" * 64, 9, "image", "png_pipe", 40, 10)
BARE = Surroundings(CANVAS, PATH, {})
ROOT = Path(__file__).resolve().parents[3]


def html(**more: Any) -> HtmlElement:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return HtmlElement.model_validate({"type": "html", "html": "<p>Ann", **named})


def look(facts: Facts = INK, **more: Any) -> Look:
    known: dict[Any, Facts] = {PATH: facts}
    if "mask" in more:
        known[(*PATH, *MASK.place)] = FADING
    return shown(html(**more), Surroundings(CANVAS, PATH, known), 50).look


def said_against(**more: Any) -> list[tuple[Any, str]]:
    return list(faults(html(**more), BARE))


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ({}, (200, 100)),
        ({"width": 60}, (60, 100)),
        ({"width": 60, "height": 20}, (60, 20)),
        ({"width": 60, "resize": "cover"}, (200, 100)),
        ({"width": 60, "capture": {}}, (640, 360)),
        ({"capture": {"width": 100, "height": 80.2}}, (100, 80)),
    ],
)
def test_the_viewport_is_the_elements_own_or_the_canvas(
    said: dict[str, Any], size: tuple[int, int]
) -> None:
    assert viewport(html(**said), CANVAS) == size


def test_the_page_is_painted_as_it_is_written() -> None:
    task = page_task(html(), CANVAS)
    assert task == WebPageTask(200, 100, html="<p>Ann", wait_ms=2000)
    told = html(wait="0.5", dpi=2, tailwind=True, settings={"font-size": "10vw", "color": "red"})
    assert page_task(told, CANVAS) == replace(
        task, wait_ms=500, density=2, tailwind=TAILWIND, css="font-size:20px;color:red;"
    )
    assert page_task(html(tailwindcss="true"), CANVAS).tailwind == TAILWIND


def test_a_page_behind_a_url_is_painted_when_none_is_written() -> None:
    url = "https://e.com/card.html?title=Hi"
    for written in (None, "", " "):
        task = page_task(html(html=written, src=url), CANVAS)
        assert (task.url, task.html) == (url, "")
    assert page_task(html(src=url), CANVAS).url == ""


def test_an_empty_page_and_its_mask_are_needed_too() -> None:
    found = dict(needs(html(html="", mask="https://e.com/m.png"), BARE))
    assert found == {
        ("mask",): FetchTask("https://e.com/m.png"),
        (): WebPageTask(200, 100, wait_ms=2000),
    }


def test_recorded_motion_begins_without_a_wait_and_has_the_frames_of_the_movie() -> None:
    task = page_task(html(capture={"duration": 1.5}), CANVAS)
    assert (task.frames, task.fps, task.wait_ms) == (38, 25, 0)
    task = page_task(html(capture={"duration": 1}, wait=3), CANVAS)
    assert (task.frames, task.wait_ms) == (25, 3000)
    still = page_task(html(capture={"duration": 0}), CANVAS)
    assert (still.frames, still.fps, still.wait_ms) == (0, 0, 2000)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        *(({"wait": 5.1}, "wait"), ({"wait": -1}, "wait"), ({"dpi": 0.5}, "dpi")),
        *(({"dpi": 72}, "dpi"), ({"capture": {"duration": 11}}, "duration")),
        *(({"capture": {"width": 49}}, "width"), ({"tailwindcss": "often"}, "tailwindcss")),
    ],
)
def test_values_out_of_range_are_refused(said: dict[str, Any], key: str) -> None:
    with pytest.raises(ValidationError, match=key):
        html(**said)


def test_a_page_from_nowhere_and_one_without_end_are_faults() -> None:
    ((path, words),) = said_against(html=None)
    assert (path, words) == ((), "the element type 'html' requires an 'html' or a 'src' property")
    assert said_against() == said_against(html="") == said_against(html=None, src="a.html") == []
    ((path, words),) = said_against(width=4000, height=3000, dpi=2)
    assert path == ("dpi",) and "4000x3000 is too large to be painted at dpi 2" in words
    assert not too_large(html(width=1920, height=1080, dpi=4), CANVAS)


def test_settings_are_css_that_can_load_nothing() -> None:
    refused = said_against(settings={"color": "red;}", "background-image": "url(http://e.com)"})
    assert [path for path, _ in refused] == [
        ("settings", "color"),
        ("settings", "background-image"),
    ]
    assert "must not use url()" in refused[1][1]
    odd = html(settings={"font-sise": "9px", "color": "red", "position": "fixed", "id": "x"})
    assert [path for path, _ in unknown(odd)] == [
        ("settings", "font-sise"),
        ("settings", "position"),
    ]
    assert page_task(odd, CANVAS).css == "color:red;"
    families = html(settings={"font-family": "Lobster, serif"})
    assert page_task(families, CANVAS).css == 'font-family:"Lobster","Noto Serif";'
    assert is_property("font-size")


def test_a_fault_is_told_with_its_path() -> None:
    document = {"scenes": [{"elements": [{"type": "html", "html": "x", "wait": 9}]}]}
    with pytest.raises(DocumentError) as caught:
        validate(document)
    (problem,) = caught.value.problems
    assert problem.path == "scenes[0].elements[0].wait"
    assert "5" in problem.message


def test_the_ink_is_drawn_where_it_was_painted() -> None:
    assert look() == Look((40, 10), (40, 10), 30, 20)
    assert look(x=7, y=-3) == Look((40, 10), (40, 10), 37, 17)
    dense = look(dpi=2)
    assert (dense.scaled, dense.x, dense.y) == ((20, 5), 15, 10)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"position": "top-left"}, (10, 5)),
        ({"position": "top-center", "y": 6}, (80, 11)),
        ({"position": "bottom-right"}, (150, 85)),
        ({"position": "bottom-right", "width": 60, "height": 40}, (160, 75)),
        ({"position": "bottom-right", "width": 60}, (160, 85)),
        ({"position": "center-center", "x": -4}, (76, 45)),
    ],
)
def test_a_preset_position_is_that_of_what_is_shown_along_open_sides(
    said: dict[str, Any], place: tuple[int, int]
) -> None:
    drawn = look(**said)
    assert (drawn.x, drawn.y) == place


def test_what_fills_the_canvas_stays_where_it_was_painted() -> None:
    full = replace(INK, width=200, height=100, x=0, y=0)
    drawn = look(full, position="bottom-right")
    assert (drawn.x, drawn.y, drawn.size) == (0, 0, (200, 100))


def test_a_captured_page_is_as_large_as_the_element() -> None:
    drawn = look(capture={"width": 100, "height": 80}, width=50, x=10)
    assert (drawn.scaled, drawn.x, drawn.y) == ((20, 5), 25, 10)
    covering = look(capture={"width": 100, "height": 80}, resize="cover")
    assert covering.scaled == (80, 20)
    assert (covering.x, covering.y) == (60, 40 - 30)


def test_a_view_that_pans_and_a_mask_are_of_the_whole_page() -> None:
    for said in ({"pan": "left"}, {"mask": "https://e.com/m.png"}):
        drawn = look(**said, x=5, dpi=2)
        assert drawn.size == (200, 100)
        assert (drawn.x, drawn.y) == (5, 0)
        assert drawn.pad and drawn.pad.width / drawn.pad.height == 2
    masked = look(mask="https://e.com/m.png")
    assert masked.pad == Box(30, 20, 200, 100)


def test_a_zoomed_page_grows_about_its_own_middle_out_of_all_its_pixels() -> None:
    drawn = look(zoom=5, dpi=2)
    assert drawn.size == (30 + 2 * ROOM_PIXELS, round(5 * 1.5) + 2 * ROOM_PIXELS)
    assert drawn.scaled == (30, 8)


def test_frames_of_a_page_play() -> None:
    moving = AnimationFacts("c" * 64, 9, "video", "apng", 40, 10, has_alpha=True, frames=30)
    made = shown(html(), Surroundings(CANVAS, PATH, {PATH: moving}), 50)
    assert isinstance(made.picture, FramesPicture)
    assert (
        list(in_vain(html(capture={"duration": 1}), Surroundings(CANVAS, PATH, {PATH: moving})))
        == []
    )


def test_what_is_not_seen_is_told() -> None:
    around = Surroundings(CANVAS, PATH, {PATH: INK})
    assert list(in_vain(html(), around)) == []
    (still,) = in_vain(html(capture={"duration": 1}), around)
    assert "animations" in still
    (cropped,) = in_vain(html(crop={"width": 5, "height": 5}), around)
    assert ".crop does nothing" in cropped
    nothing = Surroundings(CANVAS, PATH, {PATH: replace(INK, width=1, height=1, x=0, y=0)})
    (empty,) = in_vain(html(), nothing)
    assert "shows nothing" in empty


def test_the_version_of_tailwind_is_the_one_that_the_layer_pins() -> None:
    locked = json.loads((ROOT / "layers/chromium/package-lock.json").read_text())["packages"]
    assert locked["node_modules/@tailwindcss/browser"]["version"] == TAILWIND
