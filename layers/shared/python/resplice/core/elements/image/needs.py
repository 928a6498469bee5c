"""What an image needs: its file, and its mask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from resplice.core.elements.files import IMAGES, MASK, Need, downloads, source
from resplice.core.elements.image.model import ImageElement
from resplice.core.elements.outcome import Surroundings

ADDRESSES = (source(IMAGES), MASK)


def needs(element: ImageElement, around: Surroundings) -> Iterator[Need]:
    """Downloads only."""
    yield from downloads(element, ADDRESSES)


def missing(element: Mapping[str, Any], name: str) -> str | None:
    """What is said of an image without a `src` that asks for one to be generated."""
    if name == "src" and element.get("prompt"):
        return "The element type 'image' with a 'prompt' is not supported yet; give it a 'src'"
    return None
