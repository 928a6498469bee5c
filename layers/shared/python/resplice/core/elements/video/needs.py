"""What a video needs: its file or what is generated, and its mask."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.elements import generated
from resplice.core.elements.files import MASK, VIDEOS, Need, downloads, source
from resplice.core.elements.outcome import Surroundings
from resplice.core.elements.video.model import VideoElement

ADDRESSES = (source(VIDEOS), MASK)


def needs(element: VideoElement, around: Surroundings) -> Iterator[Need]:
    """Downloads, and what is generated."""
    yield from downloads(element, ADDRESSES)
    yield from generated.needs(element, around)
