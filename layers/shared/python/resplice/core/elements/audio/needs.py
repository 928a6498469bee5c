"""What an audio needs: its file, as its JSON Schema says too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.elements.audio.model import AudioElement
from resplice.core.elements.files import SOUNDS, Need, downloads, source
from resplice.core.elements.outcome import Surroundings

ADDRESSES = (source(SOUNDS),)


def needs(element: AudioElement, around: Surroundings) -> Iterator[Need]:
    """Its download only."""
    yield from downloads(element, ADDRESSES)


def described(part: Any, parts: Any, components: Sequence[ComponentFolder]) -> None:
    """Adds that it must have a source."""
    part["required"] = [*part.get("required", ()), "src"]
