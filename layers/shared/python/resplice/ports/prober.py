"""The prober: what a file is, and how loud."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from resplice.core.facts import MediaFacts
from resplice.frozen import frozen


@frozen
class Loudness:
    """By EBU R128: integrated loudness, -70 for silence, and the greatest true peak."""

    integrated_lufs: float
    true_peak_dbtp: float


class Prober(Protocol):
    """Tells what a file is, by its bytes."""

    def probe(self, path: Path, url: str) -> MediaFacts:
        """Facts of an image, video, audio or font file. url is only for the error's words.

        Raises SourceInvalid.
        """
        ...

    def loudness(self, path: Path, demuxer: str) -> Loudness:
        """How loud the sound of a file is that this demuxer reads. Raises RenderError."""
        ...
