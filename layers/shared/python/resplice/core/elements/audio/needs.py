"""What an audio needs: its file."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.elements.audio.model import AudioElement
from resplice.core.elements.files import SOUNDS, Need, downloads, source
from resplice.core.elements.outcome import Surroundings

ADDRESSES = (source(SOUNDS),)


def needs(element: AudioElement, around: Surroundings) -> Iterator[Need]:
    """Its download only."""
    yield from downloads(element, ADDRESSES)
