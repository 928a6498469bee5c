"""The renderer: FFmpeg, told what to do by the core."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from resplice.core.filtergraph import Invocation


class Renderer(Protocol):
    """Runs FFmpeg command lines that the core wrote."""

    def run(
        self, invocation: Invocation, into: Path, on_frames: Callable[[int], None] | None = None
    ) -> int:
        """Write the result to `into`; the number of video frames written (0 for sound).

        on_frames is told now and then how many frames are done. Nothing is left on failure.
        Raises RenderError.
        """
        ...
