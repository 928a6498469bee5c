"""What an audiogram needs: its mask. What is heard is made for others."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.elements.audiogram.model import AudiogramElement
from resplice.core.elements.files import MASK, Need, downloads
from resplice.core.elements.outcome import Surroundings

ADDRESSES = (MASK,)


def needs(element: AudiogramElement, around: Surroundings) -> Iterator[Need]:
    """Downloads only."""
    yield from downloads(element, ADDRESSES)
