"""What becomes of a voice: its speech is heard, once, from its beginning."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.elements import moving
from resplice.core.elements.outcome import Heard, Passage, Surroundings
from resplice.core.elements.voice.model import VoiceElement
from resplice.core.facts import media
from resplice.core.warned import warned

UNHEARD_SECONDS = 0.1
"""What may be missing at the end: most voices breathe out."""


def plays(element: VoiceElement, around: Surroundings) -> Passage | None:
    """All of the speech."""
    return Passage(0, media(around.own()).duration_us or 0, 1)


def heard(element: VoiceElement, around: Surroundings) -> Heard | None:
    """The speech."""
    return moving.heard(element, media(around.own()), in_step_with_frames=False)


def in_vain(element: VoiceElement, around: Surroundings) -> Iterator[str]:
    """Says that it is never heard, or not to its end."""
    yield from moving.never_heard(element, around)
    lasts_s, there_s = (media(around.own()).duration_us or 0) / 1e6, around.there_s
    if there_s is not None and there_s + UNHEARD_SECONDS < lasts_s:
        words = f"is there for {there_s:.2f} s, and its speech lasts {lasts_s:.2f} s"
        yield warned("voice-cut", f"is cut off: it {words}")
