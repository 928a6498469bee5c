"""The prober: what a file is."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from resplice.core.facts import MediaFacts


class Prober(Protocol):
    """Tells what a file is, by its bytes."""

    def probe(self, path: Path, url: str) -> MediaFacts:
        """Facts of an image, video, audio or font file. url is only for the error's words.

        Raises SourceInvalid.
        """
        ...
