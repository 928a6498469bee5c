"""What elements name: what suits each medium, and the downloads that come of it."""

from __future__ import annotations

import pytest
from resplice.core.elements.files import (
    FONTS,
    IMAGES,
    MASK,
    MASKS,
    SOUNDS,
    VIDEOS,
    downloads,
    named,
    source,
)
from resplice.core.elements.image.model import ImageElement
from resplice.core.facts import MediaFacts
from resplice.core.tasks import FetchTask

STILL = MediaFacts("a", 9, "image", "png_pipe", 4, 4)
GIF = MediaFacts("b", 9, "video", "gif", 4, 4, 900_000)
CLIP = MediaFacts("c", 9, "video", "mov", 4, 4, 900_000, has_audio=True)
SONG = MediaFacts("d", 9, "audio", "mp3", duration_us=900_000, has_audio=True)
FONT = MediaFacts("e", 9, "font", "woff2")
ALL = (STILL, GIF, CLIP, SONG, FONT)


@pytest.mark.parametrize(
    ("medium", "suits"),
    [
        (IMAGES, (STILL, GIF)),
        (VIDEOS, (GIF, CLIP)),
        (SOUNDS, (CLIP, SONG)),
        (FONTS, (FONT,)),
        (MASKS, (STILL, GIF, CLIP)),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_what_suits_a_medium(medium: object, suits: tuple[MediaFacts, ...]) -> None:
    assert tuple(facts for facts in ALL if medium.suits(facts)) == suits  # type: ignore[attr-defined]


def test_an_element_downloads_what_it_names_and_no_more() -> None:
    addresses = (source(IMAGES), MASK)
    element = ImageElement.model_validate({"type": "image", "src": "https://e.com/a"})
    assert list(downloads(element, addresses)) == [((), FetchTask("https://e.com/a"))]
    masked = element.model_copy(update={"mask": "https://e.com/m"})
    assert [url for _, url in named(masked, addresses)] == ["https://e.com/a", "https://e.com/m"]
    assert list(downloads(masked, addresses))[1] == (("mask",), FetchTask("https://e.com/m"))
