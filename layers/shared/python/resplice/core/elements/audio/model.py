"""What an audio may say."""

from __future__ import annotations

from typing import Literal

from resplice.core.elements.moving import Playing, Sounding


class AudioElement(Sounding, Playing):
    """A sound."""

    type: Literal["audio"]
    src: str
