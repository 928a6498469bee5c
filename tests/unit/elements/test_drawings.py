"""Drawings are painted before they are shown, as large as their closest view."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.composition import Box, Canvas, SheetPicture
from resplice.core.document.paths import DocumentPath
from resplice.core.elements.drawings import drawings
from resplice.core.elements.image.model import ImageElement
from resplice.core.elements.looks import file_shown
from resplice.core.elements.outcome import Surroundings
from resplice.core.facts import Facts, MediaFacts
from resplice.core.schema.validation import validate
from resplice.core.sources import element_tasks
from resplice.core.tasks import PaintTask

CANVAS, PATH = Canvas(200, 100, 25), ("elements", 0)
DRAWING = MediaFacts("d" * 64, 9, "drawing", "", 40, 30, has_alpha=True)
PAINTED = MediaFacts("e" * 64, 9, "image", "png_pipe", 35, 20, has_alpha=True, x=3, y=4)
STILL = MediaFacts("a" * 64, 9, "image", "png_pipe", 40, 30)


def image(**more: Any) -> ImageElement:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return ImageElement.model_validate({"type": "image", "src": "https://e.com/a", **named})


def surroundings(*known: tuple[DocumentPath, Facts]) -> Surroundings:
    return Surroundings(CANVAS, PATH, {(*PATH, *place): facts for place, facts in known})


def painted_size(element: ImageElement) -> tuple[int, int]:
    ((place, task),) = drawings(element, surroundings(((), DRAWING)))
    assert place == ("drawn",) and isinstance(task, PaintTask)
    return task.width, task.height


@pytest.mark.parametrize(
    ("more", "size"),
    [
        ({}, (40, 30)),
        ({"width": 20}, (40, 30)),
        ({"width": 80}, (80, 60)),
        ({"width": 81}, (120, 90)),
        ({"width": 40, "height": 90}, (120, 90)),
        ({"zoom": 10}, (80, 60)),
        ({"zoom": -3, "width": 80}, (120, 90)),
        ({"crop": {"width": 10, "height": 10}, "width": 80}, (320, 240)),
        ({"width": 8000}, (4080, 3060)),
    ],
)
def test_a_drawing_is_painted_as_large_as_it_is_seen(
    more: dict[str, Any], size: tuple[int, int]
) -> None:
    assert painted_size(image(**more)) == size


def test_its_page_names_it_by_its_content() -> None:
    ((_, task),) = drawings(image(), surroundings(((), DRAWING)))
    assert isinstance(task, PaintTask)
    assert task.files == ((f"{'d' * 64}.svg", "d" * 64),)
    assert f"https://files.resplice/{'d' * 64}.svg" in task.html


def test_a_mask_is_painted_as_large_as_the_canvas() -> None:
    around = surroundings(((), STILL), (("mask",), DRAWING))
    ((place, task),) = drawings(image(mask="https://e.com/m"), around)
    assert place == ("drawn mask",) and isinstance(task, PaintTask)
    assert (task.width, task.height) == (200, 150)


def test_other_pictures_are_not_painted() -> None:
    assert list(drawings(image(), surroundings(((), STILL), (("mask",), STILL)))) == []


def test_what_is_shown_is_the_whole_drawing_around_its_ink() -> None:
    around = surroundings(((), DRAWING), (("drawn",), PAINTED))
    crop = {"width": 20, "height": 10, "x": 5, "y": 6}
    shown = file_shown(image(width=40, crop=crop), around, 50)
    assert isinstance(shown.picture, SheetPicture)
    assert (shown.picture.size, shown.picture.place) == ((80, 60), (3, 4))
    assert shown.look.crop == Box(10, 12, 40, 20)
    assert shown.look.size == (40, 20)


def test_a_movie_asks_for_paintings_once_drawings_are_known() -> None:
    element = {"type": "image", "src": "https://e.com/a", "mask": "https://e.com/m"}
    movie = validate({"scenes": [{"elements": [element]}]})
    known: dict[DocumentPath, Facts] = {}
    rounds = []
    while tasks := element_tasks(movie, known):
        rounds.append([each.path[4:] for each in tasks])
        known |= {
            each.path: PAINTED if isinstance(each.task, PaintTask) else DRAWING for each in tasks
        }
    assert rounds == [[(), ("mask",)], [("drawn",), ("drawn mask",)]]
