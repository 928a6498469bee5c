"""What an audiogram may say. Spec: movie JSON reference, 6.8; voices and models, 4."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from resplice.core.document.values import Colour, Duration
from resplice.core.elements.visual import VisualElement


class AudiogramElement(VisualElement):
    """A wave of what is heard in its scene, or in the movie.

    color      of the wave
    opacity    0 (nothing is seen) to 1
    amplitude  0 to 10: how high it goes; with 10 full level fills its box
    """

    type: Literal["audiogram"]
    duration: Duration = -2
    color: Colour = "#ffffff"
    opacity: Annotated[float, Field(ge=0, le=1)] = 0.5
    amplitude: Annotated[float, Field(ge=0, le=10)] = 5
