"""Images: what one needs, and that animated ones play."""

from __future__ import annotations

from typing import Any

from resplice.core.composition import Canvas
from resplice.core.elements.image.model import ImageElement
from resplice.core.elements.image.needs import needs
from resplice.core.elements.image.shown import plays, shown
from resplice.core.elements.outcome import Passage, Surroundings
from resplice.core.facts import MediaFacts
from resplice.core.tasks import FetchTask

STILL = MediaFacts("a" * 64, 9, "image", "png_pipe", 64, 48)
GIF = MediaFacts("b" * 64, 9, "video", "gif", 64, 48, 700_000)
PATH = ("elements", 0)


def image(**more: Any) -> ImageElement:
    return ImageElement.model_validate({"type": "image", "src": "https://e.com/a", **more})


def around(facts: MediaFacts) -> Surroundings:
    return Surroundings(Canvas(64, 48, 25), PATH, {PATH: facts})


def test_it_needs_its_file_and_its_mask() -> None:
    own, mask = FetchTask("https://e.com/a"), FetchTask("https://e.com/m")
    assert list(needs(image(), around(STILL))) == [((), own)]
    masked = image(mask="https://e.com/m")
    assert list(needs(masked, around(STILL))) == [((), own), (("mask",), mask)]


def test_an_animated_one_plays_for_ever() -> None:
    assert plays(image(), around(STILL)) is None
    assert plays(image(), around(GIF)) == Passage(0, 700_000, -1, on_frames=True)
    assert shown(image(), around(GIF), 25).picture.moves
