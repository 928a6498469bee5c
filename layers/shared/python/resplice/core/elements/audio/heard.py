"""What becomes of an audio: it is heard, to the sample, whatever the frames are."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.elements import moving
from resplice.core.elements.audio.model import AudioElement
from resplice.core.elements.outcome import Heard, Passage, Surroundings
from resplice.core.facts import media


def plays(element: AudioElement, around: Surroundings) -> Passage | None:
    """What is left of the sound after its seek."""
    return moving.passage(element, media(around.own()), on_frames=False)


def heard(element: AudioElement, around: Surroundings) -> Heard | None:
    """The file's sound."""
    return moving.heard(element, media(around.own()), in_step_with_frames=False)


def in_vain(element: AudioElement, around: Surroundings) -> Iterator[str]:
    """Says that it is never heard, or from where it is."""
    yield from moving.never_heard(element, around)
    yield from moving.sought_before(element, around)
