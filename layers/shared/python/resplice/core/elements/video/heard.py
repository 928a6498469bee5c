"""What is heard of a video: its file's sound, in step with its frames."""

from __future__ import annotations

from resplice.core.elements import moving
from resplice.core.elements.outcome import Heard, Surroundings
from resplice.core.elements.video.model import VideoElement
from resplice.core.facts import media


def heard(element: VideoElement, around: Surroundings) -> Heard | None:
    """The clip's sound."""
    return moving.heard(element, media(around.own()), in_step_with_frames=True)
