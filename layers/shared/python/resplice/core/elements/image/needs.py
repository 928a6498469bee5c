"""What an image needs: its file or what is generated, and its mask."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.elements import generated
from resplice.core.elements.files import IMAGES, MASK, Need, downloads, source
from resplice.core.elements.image.model import ImageElement
from resplice.core.elements.outcome import Surroundings

ADDRESSES = (source(IMAGES), MASK)


def needs(element: ImageElement, around: Surroundings) -> Iterator[Need]:
    """Downloads, and what is generated."""
    yield from downloads(element, ADDRESSES)
    yield from generated.needs(element, around)
