"""What an audio may say."""

from __future__ import annotations

from typing import Literal

from resplice.core.elements.moving import Playing, Sounding


class AudioElement(Sounding, Playing):
    """A sound: music, an effect, or the sound of a clip.

    src  the URL of a sound: AAC, MP3, WAV, FLAC, Opus, Vorbis, or a clip
    """

    type: Literal["audio"]
    src: str | None = None
